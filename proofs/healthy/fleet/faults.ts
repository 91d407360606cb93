import { INVALID_PARTS } from './invalid-parts.ts';
import type { Message } from './message.ts';
import type { PlannedRobot } from './planned-robot.ts';
import type { RobotReport } from './report.ts';

/** Decides what leaves a robot at each tick (a second). The first tick is 0. */
export type Behaviour = (nowMs: number, tick: number) => Message[];

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Robots that fall silent or go offline do so at this tick. */
const LAST_TICK = 4;

const messageOf =
  ({ robotId, partition }: PlannedRobot) =>
  (...parts: Message['parts']): Message => ({ key: robotId, partition, parts });
const shifted = (report: RobotReport, byMs: number): RobotReport => ({ ...report, tsMs: report.tsMs + byMs });

export function healthy(robot: PlannedRobot): Behaviour {
  return (nowMs) => robot.reports(nowMs).map((report) => messageOf(robot)(report));
}

function wrongClock(offsetMs: number) {
  return (robot: PlannedRobot): Behaviour =>
    (nowMs) =>
      robot.reports(nowMs).map((report) => messageOf(robot)(shifted(report, offsetMs)));
}

/** Every event twice at once, and some a third time seconds later. */
function duplicates(robot: PlannedRobot): Behaviour {
  const sent: Message[] = [];
  return (nowMs, tick) => {
    const messages = healthy(robot)(nowMs, tick);
    sent.push(...messages);
    const again = tick % 5 === 0 ? sent.slice(-5, -4) : [];
    return [...messages.flatMap((message) => [message, message]), ...again];
  };
}

/** Out of reach for 8 of 20 seconds; then uploads what it buffered. */
function buffered(robot: PlannedRobot): Behaviour {
  let buffer: Message[] = [];
  return (nowMs, tick) => {
    buffer.push(...healthy(robot)(nowMs, tick));
    if (tick % 20 >= 8 && tick % 20 < 16) return [];
    const messages = buffer;
    buffer = [];
    return messages;
  };
}

/** Reconnects and uploads minutes of buffered events. */
function longBuffered(robot: PlannedRobot): Behaviour {
  return (nowMs, tick) => {
    const live = healthy(robot)(nowMs, tick);
    if (tick > 0) return live;
    const startMs = nowMs - 9 * MINUTE_MS;
    const old = Array.from({ length: 60 }, (_, i) => robot.reports(startMs + i * 3_000 + robot.draw(40, 900, i)));
    return [...old.flat().map((report) => messageOf(robot)(report)), ...live];
  };
}

/** Groups of four ticks leave in the wrong order. */
function shuffled(robot: PlannedRobot): Behaviour {
  let held: Message[] = [];
  return (nowMs, tick) => {
    held.push(...healthy(robot)(nowMs, tick));
    if (tick % 4 !== 3) return [];
    const messages = held.toSorted(
      (a, b) => robot.draw(41, 1000, held.indexOf(a) + tick) - robot.draw(41, 1000, held.indexOf(b) + tick)
    );
    held = [];
    return messages;
  };
}

/** Right, but for one event that is dated 20 hours ahead. */
function oneFarAhead(robot: PlannedRobot): Behaviour {
  return (nowMs, tick) => {
    const messages = healthy(robot)(nowMs, tick);
    if (tick !== 6) return messages;
    return robot.reports(nowMs).map((report) => messageOf(robot)(shifted(report, 20 * HOUR_MS)));
  };
}

function silent(robot: PlannedRobot): Behaviour {
  return (nowMs, tick) => (tick > LAST_TICK ? [] : healthy(robot)(nowMs, tick));
}

/** Uploads three hours that it buffered, so that its rhythm is known, and then falls silent. It has no position. */
function silentAfterHours(robot: PlannedRobot): Behaviour {
  const unplaced = (report: RobotReport): RobotReport => ({
    ...{ ...report, x: null, y: null, score: null, deviationMetres: null },
  });
  return (nowMs, tick) => {
    const live = silent(robot)(nowMs, tick);
    if (tick > 0) return live;
    const old = Array.from({ length: 3 * 180 }, (_, i) => robot.reports(nowMs - 3 * HOUR_MS + i * 20_000));
    return [...old.flat().map((report) => messageOf(robot)(unplaced(report))), ...live];
  };
}

/** Says that it goes offline, and does. */
function offlineOnPurpose(robot: PlannedRobot): Behaviour {
  return (nowMs, tick) => {
    const live = silent(robot)(nowMs, tick);
    if (tick !== LAST_TICK) return live;
    const [report] = robot.reports(nowMs + 5);
    return report ? [...live, messageOf(robot)({ ...report, state: 'offline', taskId: null, speed: 0 })] : live;
  };
}

/** Invalid messages among valid ones, and messages of three lines of which one is invalid. */
function invalid(robot: PlannedRobot): Behaviour {
  let count = 0;
  return (nowMs, tick) => {
    const part = INVALID_PARTS[count % INVALID_PARTS.length];
    if (!part) return [];
    const live = robot.reports(nowMs);
    if (tick % 5 === 4) {
      const line = { raw: Buffer.from('{"robot_id":'), reason: 'invalid_json' } as const;
      const [next] = robot.reports(nowMs + 3);
      return next ? [messageOf(robot)(...live, line, next)] : [];
    }
    if (tick % 3 === 0) {
      count += 1;
      return [...live.map((report) => messageOf(robot)(report)), messageOf(robot)(part(robot.robotId, tick))];
    }
    return live.map((report) => messageOf(robot)(report));
  };
}

function withoutIds(robot: PlannedRobot): Behaviour {
  return (nowMs) => robot.reports(nowMs).map((report) => messageOf(robot)({ ...report, eventId: null }));
}

/** Each event lacks some of its fields. */
function sparse(robot: PlannedRobot): Behaviour {
  return (nowMs) =>
    robot.reports(nowMs).map((report, i) =>
      messageOf(robot)({
        ...report,
        ...(robot.draw(42, 3) === 0 && { x: null, y: null, score: null, deviationMetres: null }),
        ...(robot.draw(43, 3) === 0 && { battery: null }),
        ...(robot.draw(44, 3) === 0 && { speed: null }),
        ...(robot.draw(45, 3) === 0 && i === 0 && { state: null }),
      })
    );
}

export const FAULTS: Readonly<Record<string, (robot: PlannedRobot) => Behaviour>> = {
  ...{ buffered, duplicates, invalid, silent, shuffled, sparse },
  ...{ 'long-buffered': longBuffered, 'far-ahead': oneFarAhead, 'without-ids': withoutIds },
  ...{ 'hour-ahead': wrongClock(HOUR_MS), 'three-minutes-behind': wrongClock(-3 * MINUTE_MS) },
  ...{ 'silent-after-hours': silentAfterHours, offline: offlineOnPurpose },
};
