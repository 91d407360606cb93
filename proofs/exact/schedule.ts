import type { ReferenceEvent } from '../reference/reference-event.ts';

/**
 * A schedule of events. Each event is a pure function of robot and step, so the publisher and the computation of expected
 * values need no shared state.
 */
export interface FleetSchedule {
  /** Begins the ids of its robots. */
  name: string;
  robots: number;
  stepsPerRobot: number;
  /** Time of the first step, milliseconds since the epoch. */
  startMs: number;
  stepMs: number;
  seed: number;
  /** 2 % of the events are late by up to a day. */
  hasLateEvents: boolean;
  /** How far the clocks of the robots are ahead (negative: behind), milliseconds, even; by turns. */
  clocksMs?: readonly number[];
}

export interface ScheduledEvent extends ReferenceEvent {
  eventId: string;
  robotId: string;
}

const DAY_MS = 86_400_000;
const STATES = ['working', 'working', 'working', 'idle', 'charging', 'blocked', 'error', null] as const;
/** Steps from the start of a task to the start of the next one. */
const TASK_STEPS = 60;

/** 32 well-mixed bits (the finaliser of MurmurHash3). */
export function bits(schedule: Pick<FleetSchedule, 'seed'>, robot: number, step: number, salt: number): number {
  let h =
    Math.imul(robot + 1, 0x9e3779b1) ^
    Math.imul(step + 1, 0x85ebca6b) ^
    Math.imul(salt + schedule.seed + 1, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

export function scheduledEvent(schedule: FleetSchedule, robot: number, step: number): ScheduledEvent {
  const draw = (salt: number, below: number): number => bits(schedule, robot, step, salt) % below;
  // The events of a robot have different times: even milliseconds are on time, odd ones are late by up to a day.
  const clockMs = schedule.clocksMs?.[robot % schedule.clocksMs.length] ?? 0;
  const inTime = schedule.startMs + step * schedule.stepMs + 2 * draw(1, 450) + clockMs;
  const isLate = schedule.hasLateEvents && draw(2, 50) === 0;
  const tsMs = isLate ? inTime - 2 * (bits(schedule, robot, step, 3) % (DAY_MS / 2)) - 1 : inTime;
  const placed = draw(4, 10) > 0;
  return {
    eventId: uuid(schedule, robot, step),
    robotId: robotName(schedule, robot),
    tsMs,
    eventType: eventType(step, draw(5, 10)),
    taskId: draw(6, 6) === 0 && step % TASK_STEPS > 50 ? null : `task-${robot}-${Math.floor(step / TASK_STEPS)}`,
    x: placed ? draw(7, 50_000) / 1000 : null,
    y: placed ? draw(8, 30_000) / 1000 : null,
    battery: draw(9, 4) === 0 ? null : draw(10, 1001) / 10,
    speed: draw(11, 3) === 0 ? null : draw(12, 2000) / 1000,
    // A state lasts about half a minute.
    state: STATES[bits(schedule, robot, Math.floor(step / 30), 13) % STATES.length] ?? null,
  };
}

export function robotName({ name }: FleetSchedule, robot: number): string {
  return `${name}-${String(robot).padStart(5, '0')}`;
}

function eventType(step: number, draw: number): string {
  const inTask = step % TASK_STEPS;
  if (inTask === 2) return 'TASK_STARTED';
  if (inTask === 50) return draw === 0 ? 'TASK_FAILED' : 'TASK_COMPLETED';
  return draw === 1 ? 'ERROR' : 'POSITION_UPDATE';
}

function uuid(schedule: FleetSchedule, robot: number, step: number): string {
  const hex = [20, 21, 22].map((salt) => bits(schedule, robot, step, salt).toString(16).padStart(8, '0')).join('');
  const place = (robot * schedule.stepsPerRobot + step).toString(16).padStart(8, '0');
  return `${place}-${hex.slice(0, 4)}-4${hex.slice(4, 7)}-8${hex.slice(7, 10)}-${hex.slice(10, 22)}`;
}
