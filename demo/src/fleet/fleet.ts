import type { TelemetryMessage } from '@floorwatch/contract';
import { v5 as uuidV5 } from 'uuid';
import type { Floor } from './floor.ts';
import { findWeakAisles, startLocalised } from './localisation.ts';
import type { FleetMessage } from './message.ts';
import { createRandom, type Random } from './random.ts';
import type { Robot, Site } from './robot-state.ts';
import { stepRobot, type StepEvent } from './robot.ts';
import { createRouteFinder } from './routes.ts';
import { findStations } from './stations.ts';

export interface FleetOptions {
  /** Robots are distributed evenly over the floors. */
  floors: readonly Floor[];
  siteId: string;
  robots: number;
  /** Position updates per second of each driving robot. */
  rateHz: number;
  seed: number;
  /** Event time of the first step, milliseconds since the epoch. */
  startMs: number;
  /** Infinity: no end. */
  durationSeconds: number;
}

/** UUID namespace of the simulated event ids. */
const EVENT_ID_NAMESPACE = 'a3a1f0c2-6f0e-5b0d-9a53-6a3e6a7a2b11';
/** Interval of a standing robot, well below the 60 s after which it would count as silent. */
const HEARTBEAT_SECONDS = 5;
const FIRMWARES = ['v2.4.1', 'v2.4.1', 'v2.4.1', 'v2.5.0-rc2'] as const;

/**
 * The events of a fleet, one batch per step. The same options give the same bytes: time, ids and random choices depend
 * only on them.
 */
export function* simulate(options: FleetOptions): Generator<FleetMessage[], void> {
  const random = createRandom(options.seed);
  const robots = createRobots(options, random);
  const stepSeconds = 1 / options.rateHz;
  const heartbeatSteps = Math.max(1, Math.round(HEARTBEAT_SECONDS * options.rateHz));
  let tasks = 0;
  let events = 0;
  const nextTaskId = () => `task-${options.startMs.toString(36)}-${String(++tasks).padStart(5, '0')}`;

  for (let step = 0; step * stepSeconds < options.durationSeconds; step++) {
    const offsetMs = Math.round(step * stepSeconds * 1000);
    const batch: FleetMessage[] = [];
    const report = (robot: Robot, { eventType, taskId, errorCode }: StepEvent) => {
      const message: TelemetryMessage = {
        event_id: uuidV5(`${options.seed}/${options.startMs}/${++events}`, EVENT_ID_NAMESPACE),
        robot_id: robot.robotId,
        ts: new Date(options.startMs + offsetMs).toISOString(),
        event_type: eventType,
        task_id: taskId,
        ...pose(robot),
        map_id: robot.site.floor.mapId,
        site_id: options.siteId,
        speed: robot.speedMetresPerSecond,
        battery: round(robot.batteryPercent, 1),
        state: robot.state,
        error_code: errorCode,
        meta: { firmware: robot.firmware, ...localisation(robot) },
      };
      batch.push(toFleetMessage(message, offsetMs));
    };
    for (const [index, robot] of robots.entries()) {
      const wholePercent = Math.floor(robot.batteryPercent);
      for (const event of stepRobot(robot, stepSeconds, { random, nextTaskId })) report(robot, event);
      const { taskId, errorCode } = robot;
      if (robot.speedMetresPerSecond > 0) report(robot, { eventType: 'POSITION_UPDATE', taskId, errorCode });
      // Spread over time, so that a standing fleet does not report all at once.
      else if ((step + index) % heartbeatSteps === 0) report(robot, { eventType: 'HEARTBEAT', taskId, errorCode });
      if (robot.state === 'charging' && Math.floor(robot.batteryPercent) !== wholePercent) {
        report(robot, { eventType: 'BATTERY', taskId, errorCode });
      }
    }
    yield batch;
  }
}

function createRobots({ floors, robots }: FleetOptions, random: Random): Robot[] {
  return floors.flatMap((floor, floorIndex) => {
    const weaknessAt = findWeakAisles(floor, random);
    const site = { floor, stations: findStations(floor), findRoute: createRouteFinder(floor), weaknessAt };
    const here = Math.ceil((robots - floorIndex) / floors.length);
    return Array.from({ length: here }, (_, turn) => createRobot(floorIndex + turn * floors.length, site, random));
  });
}

function createRobot(index: number, site: Site, random: Random): Robot {
  const cell = random.pick(site.floor.cells);
  return {
    robotId: `robot-${String(index + 1).padStart(4, '0')}`,
    site,
    state: 'idle',
    route: [cell],
    metresIntoSegment: 0,
    ...site.floor.positionOf(cell),
    headingRadians: 0,
    speedMetresPerSecond: 0,
    localisation: startLocalised(),
    batteryPercent: random.between(15, 100),
    taskId: null,
    errorCode: null,
    firmware: random.pick(FIRMWARES),
    secondsLeft: random.between(0, 10),
  };
}

/** Rounded to the precision of a robot: millimetres and a tenth of a milliradian. */
function pose(robot: Robot): { x: number; y: number; theta: number } {
  return { x: round(robot.xMetres, 3), y: round(robot.yMetres, 3), theta: round(robot.headingRadians, 4) };
}

/** With the field names of VDA 5050, as the ingestor stores them for robots that use it. */
function localisation({ localisation: { score, deviationMetres, lostSecondsLeft } }: Robot): Record<string, unknown> {
  return {
    localized: lostSecondsLeft === 0,
    localization_score: round(score, 2),
    deviation_range: round(deviationMetres, 2),
  };
}

function round(number: number, decimals: number): number {
  return Number(number.toFixed(decimals));
}

function toFleetMessage(message: TelemetryMessage, offsetMs: number): FleetMessage {
  const { robot_id: robotId, event_id: eventId = null } = message;
  const value = Buffer.from(JSON.stringify(message));
  return { offsetMs, key: robotId, value, events: [{ eventId, robotId }], malformed: 0 };
}
