import type { DataFrame } from '@grafana/data';
import { MAX_COORDINATE_METRES, MAX_THETA_RADIANS, normaliseRadians } from '@floorwatch/ingestor/contract';
import { readNumber, readNumberWithin, readText, readTimeMs } from './cell';
import { findFields, hasRobotFields, missingFieldMessage, type FieldMapping, type FoundFields } from './fields';
import { allocateFleet, emptyFleet, type Fleet } from './fleet';
import { latestRows } from './latestRows';
import { concludeStatus } from './status';

/** A position that the contract refuses: most likely of another unit, and a map that holds it shows nothing else. */
export const TOO_FAR = 'position out of range';

export interface ReadOptions {
  mapping: FieldMapping;
  silentAfterSeconds: number;
  /** Degrees instead of radians in the heading column. */
  headingInDegrees: boolean;
  nowMs: number;
}

export interface ReadFleet {
  fleet: Fleet;
  /** The frame that the robots came from; null when none fits. */
  frame: DataFrame | null;
  /** One sentence on what is wrong with the data; '' when nothing is. */
  problem: string;
}

/** Turns the first frame that holds robots into a fleet. Never throws: what is wrong comes back as a sentence. */
export function readFleet(frames: readonly DataFrame[], options: ReadOptions): ReadFleet {
  const [frame, ...others] = frames.filter((candidate) => hasRobotFields(findFields(candidate, options.mapping)));
  if (frame) {
    const fleet = readFrame(frame, findFields(frame, options.mapping), options);
    return { fleet, frame, problem: leftOutMessage(frame, others) };
  }
  const closest = frames.find((candidate) => candidate.fields.length > 0);
  const problem = closest
    ? missingFieldMessage(closest, options.mapping)
    : 'The query returned no rows: no robot has reported yet, or none fits the query.';
  return { fleet: emptyFleet(options.nowMs), frame: null, problem };
}

function leftOutMessage(shown: DataFrame, others: readonly DataFrame[]): string {
  if (others.length === 0) return '';
  const own = shown.refId ?? 'A';
  const names = [...new Set(others.map(({ refId }) => refId ?? 'A'))].filter((name) => name !== own);
  if (names.length === 0) {
    return `Query ${own} returns ${others.length + 1} tables of robots, of which the map shows the first: let it return one.`;
  }
  const verb = names.length === 1 ? 'returns' : 'return';
  return `Query ${names.join(' and ')} ${verb} robots too, but the map shows those of query ${own} only: one query can return them all with UNION ALL.`;
}

function readFrame(frame: DataFrame, fields: FoundFields, options: ReadOptions): Fleet {
  const { rows, older, nameless } = latestRows(fields, frame.length);
  const fleet = Object.assign(allocateFleet(rows.length, options.nowMs), { olderRows: older, namelessRows: nameless });
  const turn = options.headingInDegrees ? Math.PI / 180 : 1;
  rows.forEach((row, i) => {
    fleet.rows[i] = row;
    fleet.robotIds[i] = readText(fields.robotId, row);
    const [x, y] = [readNumber(fields.x, row), readNumber(fields.y, row)];
    const isOnEarth = Math.max(Math.abs(x), Math.abs(y)) <= MAX_COORDINATE_METRES;
    // A position is whole or absent: half of one would put the robot on an axis.
    if (isOnEarth) {
      fleet.xMetres[i] = x;
      fleet.yMetres[i] = y;
    }
    fleet.headingRadians[i] = normaliseRadians(
      readNumberWithin(fields.heading, row, -MAX_THETA_RADIANS, MAX_THETA_RADIANS) * turn
    );
    fleet.speedMetresPerSecond[i] = readNumber(fields.speed, row);
    fleet.batteryPercent[i] = readNumberWithin(fields.battery, row, 0, 100);
    const ageSeconds = readAge(fields, row, options.nowMs);
    fleet.ageSeconds[i] = ageSeconds;
    const positionAge = readNumber(fields.positionAge, row);
    fleet.positionAgeSeconds[i] = Number.isNaN(positionAge) ? ageSeconds : positionAge;
    fleet.deviationMetres[i] = readNumber(fields.deviation, row);
    fleet.statuses[i] = concludeStatus(fields.status?.values[row], ageSeconds, options.silentAfterSeconds);
    fleet.mapIds[i] = readText(fields.mapId, row);
    fleet.errorCodes[i] = readText(fields.errorCode, row);
    fleet.taskIds[i] = readText(fields.taskId, row);
    const isTooFar = !isOnEarth && !Number.isNaN(x + y);
    fleet.notPlacedReasons[i] = readText(fields.notPlacedReason, row) || (isTooFar ? TOO_FAR : '');
  });
  return fleet;
}

/** A negative age is that of a clock that runs ahead. */
function readAge(fields: FoundFields, row: number, nowMs: number): number {
  const ageSeconds = readNumber(fields.age, row);
  return Math.max(0, Number.isNaN(ageSeconds) ? (nowMs - readTimeMs(fields.time, row)) / 1000 : ageSeconds);
}
