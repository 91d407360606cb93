import type { DataFrame, Field } from '@grafana/data';
import { normaliseRadians } from '@floorwatch/ingestor/contract';
import { findFields, hasRobotFields, missingFieldMessage, type FieldMapping, type FoundFields } from './fields';
import { allocateFleet, emptyFleet, type Fleet } from './fleet';
import { concludeStatus } from './status';

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
  const names = [...new Set(others.map(({ refId }) => refId ?? '?'))].join(' and ');
  return `Query ${names} returns robots too: the map shows those of query ${shown.refId ?? 'A'} only. One query can return them all with UNION ALL.`;
}

function readFrame(frame: DataFrame, fields: FoundFields, options: ReadOptions): Fleet {
  const rows = lastRowOfEachRobot(fields.robotId, frame.length);
  const fleet = allocateFleet(rows.length, options.nowMs);
  fleet.duplicates = countNamed(fields.robotId, frame.length) - rows.length;
  const turn = options.headingInDegrees ? Math.PI / 180 : 1;
  rows.forEach((row, i) => {
    fleet.rows[i] = row;
    fleet.robotIds[i] = readText(fields.robotId, row);
    const [x, y] = [readNumber(fields.x, row), readNumber(fields.y, row)];
    // A position is whole or absent: half of one would put the robot on an axis.
    if (Number.isFinite(x) && Number.isFinite(y)) {
      fleet.xMetres[i] = x;
      fleet.yMetres[i] = y;
    }
    fleet.headingRadians[i] = normaliseRadians(readNumber(fields.heading, row) * turn);
    fleet.speedMetresPerSecond[i] = readNumber(fields.speed, row);
    fleet.batteryPercent[i] = readNumber(fields.battery, row);
    const ageSeconds = readAge(fields, row, options.nowMs);
    fleet.ageSeconds[i] = ageSeconds;
    const positionAge = readNumber(fields.positionAge, row);
    fleet.positionAgeSeconds[i] = Number.isNaN(positionAge) ? ageSeconds : positionAge;
    fleet.deviationMetres[i] = readNumber(fields.deviation, row);
    fleet.statuses[i] = concludeStatus(fields.status?.values[row], ageSeconds, options.silentAfterSeconds);
    fleet.mapIds[i] = readText(fields.mapId, row);
    fleet.errorCodes[i] = readText(fields.errorCode, row);
    fleet.taskIds[i] = readText(fields.taskId, row);
    fleet.notPlacedReasons[i] = readText(fields.notPlacedReason, row);
  });
  return fleet;
}

function countNamed(robotId: Field | undefined, length: number): number {
  let named = 0;
  for (let row = 0; row < length; row++) if (readText(robotId, row) !== '') named++;
  return named;
}

/** Rows in order of first appearance; of several rows of one robot the last one counts, as in a time series. */
function lastRowOfEachRobot(robotId: Field | undefined, length: number): number[] {
  const rowById = new Map<string, number>();
  for (let row = 0; row < length; row++) {
    const id = readText(robotId, row);
    if (id !== '') rowById.set(id, row);
  }
  return [...rowById.values()];
}

function readAge(fields: FoundFields, row: number, nowMs: number): number {
  const ageSeconds = readNumber(fields.age, row);
  if (!Number.isNaN(ageSeconds)) return ageSeconds;
  const time = fields.time?.values[row] as unknown;
  const timeMs = typeof time === 'string' ? Date.parse(time) : readNumber(fields.time, row);
  return Math.max(0, (nowMs - timeMs) / 1000);
}

/** A finite number, or NaN. ClickHouse sends wide integers and decimals as text. */
function readNumber(field: Field | undefined, row: number): number {
  const value = field?.values[row] as unknown;
  if (typeof value === 'number') return Number.isFinite(value) ? value : NaN;
  if (typeof value !== 'string' || value.trim() === '') return NaN;
  const parsed = Number(value);
  return Number.isFinite(parsed) ? parsed : NaN;
}

function readText(field: Field | undefined, row: number): string {
  const value = field?.values[row] as unknown;
  return value === null || value === undefined ? '' : String(value);
}
