import type { EventType } from '@floorwatch/contract';
import { drive } from './drive.ts';
import { LOCALIZATION_LOST, stepLocalisation } from './localisation.ts';
import type { Random } from './random.ts';
import type { Robot } from './robot-state.ts';

/** An event that a step produces in addition to a position, with the fields at that moment. */
export interface StepEvent {
  eventType: EventType;
  taskId: string | null;
  errorCode: string | null;
}

/** Sources of random numbers and task ids, so that a step depends only on its arguments. */
export interface StepContext {
  random: Random;
  nextTaskId: () => string;
}

export const ERROR_CODES = ['E-LIDAR-OCCLUDED', 'E-DRIVE-OVERCURRENT', LOCALIZATION_LOST, 'E-LIFT-JAMMED'] as const;

const DRIVING_PERCENT_PER_SECOND = 0.05;
const STANDING_PERCENT_PER_SECOND = 0.01;
const CHARGING_PERCENT_PER_SECOND = 0.5;
const LOW_BATTERY_PERCENT = 20;
const FULL_BATTERY_PERCENT = 95;

/** Probabilities per second of driving. */
const BLOCKED_PER_SECOND = 0.004;
const ERROR_PER_SECOND = 0.0005;
/** Share of tasks that fail; the others are completed. */
const TASK_FAILS = 0.03;
/** Share of errors after which a robot goes into maintenance. */
const MAINTENANCE_AFTER_ERROR = 0.2;

/**
 * Advances a robot by one step and returns its events in order. A state change is always one of them.
 * @param seconds length of the step
 */
export function stepRobot(robot: Robot, seconds: number, context: StepContext): StepEvent[] {
  const before = robot.state;
  const events = act(robot, seconds, context);
  const weakness = robot.site.weaknessAt(robot.route[0]);
  const isDriving = robot.speedMetresPerSecond > 0;
  const { errorCode } = robot;
  stepLocalisation(robot.localisation, { weakness, isDriving, errorCode, seconds }, context.random);
  robot.batteryPercent = Math.min(100, Math.max(0, robot.batteryPercent + charge(robot) * seconds));
  if (robot.state !== before) events.push(stepEvent(robot, 'STATE_CHANGE'));
  return events;
}

function act(robot: Robot, seconds: number, context: StepContext): StepEvent[] {
  robot.speedMetresPerSecond = 0;
  robot.secondsLeft -= seconds;
  switch (robot.state) {
    case 'idle':
      return robot.secondsLeft > 0 ? [] : leave(robot, context);
    case 'working':
      return work(robot, seconds, context);
    case 'charging':
      if (robot.batteryPercent >= FULL_BATTERY_PERCENT) rest(robot, context);
      return [];
    case 'blocked':
      if (robot.secondsLeft <= 0) robot.state = 'working';
      return [];
    default:
      if (robot.secondsLeft <= 0) recover(robot, context);
      return [];
  }
}

/** Drives to a charger when the battery is low, otherwise starts the next task: first pick, then drop. */
function leave(robot: Robot, { random, nextTaskId }: StepContext): StepEvent[] {
  const { stations, findRoute } = robot.site;
  const here = robot.route[0];
  robot.state = 'working';
  if (robot.batteryPercent < LOW_BATTERY_PERCENT) {
    robot.route = [here, ...findRoute(here, random.pick(stations.chargers))];
    return [];
  }
  const pick = random.pick(stations.work);
  const drop = random.pick(stations.work);
  robot.route = [here, ...findRoute(here, pick), ...findRoute(pick, drop)];
  robot.taskId = nextTaskId();
  return [stepEvent(robot, 'TASK_STARTED')];
}

function work(robot: Robot, seconds: number, context: StepContext): StepEvent[] {
  const { random } = context;
  if (random.chance(ERROR_PER_SECOND * seconds)) return [fail(robot, context)];
  if (random.chance(BLOCKED_PER_SECOND * seconds)) {
    robot.state = 'blocked';
    robot.secondsLeft = random.between(5, 20);
    return [];
  }
  drive(robot, seconds);
  if (robot.route.length > 1) return [];
  robot.speedMetresPerSecond = 0;
  return arrive(robot, context);
}

function arrive(robot: Robot, context: StepContext): StepEvent[] {
  if (robot.taskId === null) {
    robot.state = 'charging';
    return [];
  }
  const failed = context.random.chance(TASK_FAILS);
  const end = stepEvent(robot, failed ? 'TASK_FAILED' : 'TASK_COMPLETED');
  rest(robot, context);
  return [end];
}

function fail(robot: Robot, { random }: StepContext): StepEvent {
  robot.state = 'error';
  robot.errorCode = random.pick(ERROR_CODES);
  robot.secondsLeft = random.between(15, 60);
  return stepEvent(robot, 'ERROR');
}

/** After an error the robot goes into maintenance or continues its task. */
function recover(robot: Robot, context: StepContext): void {
  if (robot.state === 'error' && context.random.chance(MAINTENANCE_AFTER_ERROR)) {
    robot.state = 'maintenance';
    robot.secondsLeft = context.random.between(60, 180);
    return;
  }
  robot.state = 'working';
  robot.errorCode = null;
}

function rest(robot: Robot, { random }: StepContext): void {
  robot.state = 'idle';
  robot.taskId = null;
  robot.secondsLeft = random.between(2, 10);
}

function charge(robot: Robot): number {
  if (robot.state === 'charging') return CHARGING_PERCENT_PER_SECOND;
  return robot.speedMetresPerSecond > 0 ? -DRIVING_PERCENT_PER_SECOND : -STANDING_PERCENT_PER_SECOND;
}

function stepEvent(robot: Robot, eventType: EventType): StepEvent {
  return { eventType, taskId: robot.taskId, errorCode: robot.errorCode };
}
