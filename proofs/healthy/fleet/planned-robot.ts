import { bits } from '../../exact/schedule.ts';
import { MAP_ID, PARTITIONS, placeIn, SITE_ID, zoneOf } from './floor.ts';
import type { RobotReport } from './report.ts';

/**
 * State, zone, task and battery change only at the start of a shift, in all robots at once: between two shifts, every
 * question about now has one answer.
 */
export const SHIFT_MS = 8_000;

const HEALTHY_STATES = ['working', 'working', 'working', 'idle', 'charging', 'blocked'] as const;
const FAULTY_STATES = [...HEALTHY_STATES, 'error', 'manual', 'maintenance'] as const;
type State = (typeof FAULTY_STATES)[number];

export interface RobotOptions {
  seed: number;
  /** Number of the robot in the whole run. */
  number: number;
  name: string;
  fleet: 'healthy' | 'faulty';
}

interface Shift {
  number: number;
  state: State;
  taskId: string | null;
}

/** What a robot does, by its seed. It reports when it is asked, with the time that it is told. */
export class PlannedRobot {
  readonly robotId: string;
  readonly partition: number;
  readonly #options: RobotOptions;
  #reports = 0;
  #shift: Shift | null = null;

  constructor(options: RobotOptions) {
    this.#options = options;
    this.robotId = options.name;
    // Two robots of one number share partition and zone, and so wait on each other.
    this.partition = Math.floor(options.number / 2) % PARTITIONS;
  }

  draw(salt: number, below: number, step = this.#reports): number {
    return bits(this.#options, this.#options.number, step, salt) % below;
  }

  /** At the start of a shift: the end of a task and the start of the next one, then where it is. */
  reports(nowMs: number): RobotReport[] {
    const number = Math.floor(nowMs / SHIFT_MS);
    const previous = this.#shift;
    if (previous?.number === number) return [this.#report(previous, nowMs, this.#usualType(previous))];
    const shift = (this.#shift = this.#shiftAt(number));
    const ended = this.draw(1, 6, number) === 0 ? 'TASK_FAILED' : 'TASK_COMPLETED';
    return [
      ...(previous?.taskId ? [this.#report(previous, nowMs - 2, ended)] : []),
      ...(shift.taskId ? [this.#report(shift, nowMs - 1, 'TASK_STARTED')] : []),
      this.#report(shift, nowMs, shift.state === 'error' ? 'ERROR' : 'STATE_CHANGE'),
    ];
  }

  #shiftAt(number: number): Shift {
    const states = this.#options.fleet === 'healthy' ? HEALTHY_STATES : FAULTY_STATES;
    const state = states[this.draw(2, states.length, number)] ?? 'idle';
    return { number, state, taskId: state === 'working' ? `task-${number}` : null };
  }

  #usualType(shift: Shift): string {
    return shift.state === 'error' && this.draw(3, 4) === 0 ? 'ERROR' : 'POSITION_UPDATE';
  }

  #report(shift: Shift, tsMs: number, eventType: string): RobotReport {
    this.#reports += 1;
    const pair = Math.floor(this.#options.number / 2);
    const zone = zoneOf(this.partition, bits(this.#options, pair, shift.number, 4));
    const moves = shift.state === 'working' && this.draw(5, 4) > 0;
    return {
      eventId: this.#uuid(),
      robotId: this.robotId,
      tsMs,
      eventType,
      taskId: shift.taskId,
      ...placeIn(zone, this.draw(6, 2 ** 31), this.draw(7, 2 ** 31)),
      mapId: MAP_ID,
      siteId: SITE_ID,
      battery: this.draw(8, 1001, shift.number) / 10,
      speed: moves ? 0.2 + this.draw(9, 1800) / 1000 : 0,
      state: shift.state,
      errorCode: shift.state === 'error' ? `E${this.draw(10, 3, shift.number)}` : null,
      score: (50 + this.draw(11, 51)) / 100,
      deviationMetres: this.draw(12, 3) === 0 ? this.draw(13, 500) / 1000 : null,
    };
  }

  #uuid(): string {
    const hex = [20, 21, 22]
      .map((salt) =>
        this.draw(salt, 2 ** 32)
          .toString(16)
          .padStart(8, '0')
      )
      .join('');
    const place = (this.#options.number * 65_536 + this.#reports).toString(16).padStart(8, '0');
    return `${place}-${hex.slice(0, 4)}-4${hex.slice(4, 7)}-8${hex.slice(7, 10)}-${hex.slice(10, 22)}`;
  }
}
