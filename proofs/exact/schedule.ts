import type { TruthEvent } from '../truth/truth-event.ts';

/**
 * A fleet whose every event is a pure function of robot and step, so that publishing it and computing the truth about it
 * need no memory of each other.
 */
export interface FleetPlan {
  robots: number;
  stepsPerRobot: number;
  /** Time of the first step, milliseconds since the epoch. Steps are a second apart. */
  startMs: number;
  seed: number;
}

export interface PlannedEvent extends TruthEvent {
  eventId: string;
  robotId: string;
}

const DAY_MS = 86_400_000;
const STATES = ['working', 'working', 'working', 'idle', 'charging', 'blocked', 'error', null] as const;
/** A task takes this many steps from one start to the next. */
const TASK_STEPS = 60;

/** 32 well-mixed bits (the finaliser of MurmurHash3). */
export function bits(plan: Pick<FleetPlan, 'seed'>, robot: number, step: number, salt: number): number {
  let h =
    Math.imul(robot + 1, 0x9e3779b1) ^ Math.imul(step + 1, 0x85ebca6b) ^ Math.imul(salt + plan.seed + 1, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

export function plannedEvent(plan: FleetPlan, robot: number, step: number): PlannedEvent {
  const draw = (salt: number, below: number): number => bits(plan, robot, step, salt) % below;
  // No two events of a robot share a millisecond: even ones are in time, odd ones late by up to a day.
  const inTime = plan.startMs + step * 1000 + 2 * draw(1, 450);
  const tsMs = draw(2, 50) === 0 ? inTime - 2 * (bits(plan, robot, step, 3) % (DAY_MS / 2)) - 1 : inTime;
  const placed = draw(4, 10) > 0;
  return {
    eventId: uuid(plan, robot, step),
    robotId: robotName(robot),
    tsMs,
    eventType: eventType(step, draw(5, 10)),
    taskId: draw(6, 6) === 0 && step % TASK_STEPS > 50 ? null : `task-${robot}-${Math.floor(step / TASK_STEPS)}`,
    x: placed ? draw(7, 50_000) / 1000 : null,
    y: placed ? draw(8, 30_000) / 1000 : null,
    battery: draw(9, 4) === 0 ? null : draw(10, 1001) / 10,
    speed: draw(11, 3) === 0 ? null : draw(12, 2000) / 1000,
    // A state lasts about half a minute.
    state: STATES[bits(plan, robot, Math.floor(step / 30), 13) % STATES.length] ?? null,
  };
}

export function robotName(robot: number): string {
  return `exact-${String(robot).padStart(5, '0')}`;
}

function eventType(step: number, draw: number): string {
  const inTask = step % TASK_STEPS;
  if (inTask === 2) return 'TASK_STARTED';
  if (inTask === 50) return draw === 0 ? 'TASK_FAILED' : 'TASK_COMPLETED';
  return draw === 1 ? 'ERROR' : 'POSITION_UPDATE';
}

function uuid(plan: FleetPlan, robot: number, step: number): string {
  const hex = [20, 21, 22].map((salt) => bits(plan, robot, step, salt).toString(16).padStart(8, '0')).join('');
  const place = (robot * plan.stepsPerRobot + step).toString(16).padStart(8, '0');
  return `${place}-${hex.slice(0, 4)}-4${hex.slice(4, 7)}-8${hex.slice(7, 10)}-${hex.slice(10, 22)}`;
}
