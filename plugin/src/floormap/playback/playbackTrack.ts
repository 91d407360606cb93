import type { DataFrame } from '@grafana/data';
import { normaliseRadians } from '@floorwatch/contract';
import { allocateFleet, type Fleet } from '../fleet/fleet';
import { notInRange, notSeenYet } from '../fleet/reasons';
import { concludeStatus } from '../fleet/status';
import { RETIRED } from './playbackQuery';

/** Steps without a report after which a robot is no longer moved between two places. */
const JOIN_STEPS = 3;

/** The recorded places of the whole fleet, by robot and then by time. */
export interface PlaybackTrack {
  robotIds: string[];
  /** Rows of robot r are starts[r] up to starts[r + 1]. */
  starts: number[];
  timesMs: Float64Array;
  /** Of the place in the same row: a report without one leaves the robot where it was. */
  positionTimesMs: Float64Array;
  xMetres: Float64Array;
  yMetres: Float64Array;
  headingRadians: Float64Array;
  batteryPercent: Float64Array;
  mapIds: string[];
  states: string[];
  /** By robot: when it was retired; Infinity if it was not. */
  endsMs: number[];
  stepSeconds: number;
}

/** Reads the answer to `playbackSql`, whose rows are ordered by robot and time. */
export function readTrack(frame: DataFrame | undefined, stepSeconds: number): PlaybackTrack {
  const length = frame?.length ?? 0;
  const column = (name: string) => frame?.fields.find((field) => field.name === name)?.values;
  const numbers = (name: string) => {
    const values = column(name);
    return Float64Array.from({ length }, (_, row) => toNumber(values?.[row]));
  };
  const texts = (name: string) => {
    const values = column(name);
    return Array.from({ length }, (_, row) => String(values?.[row] ?? ''));
  };
  const robotIds: string[] = [];
  const starts: number[] = [];
  const endsMs: number[] = [];
  const timesMs = numbers('t');
  const states = texts('state');
  texts('robot_id').forEach((robotId, row) => {
    if (robotId !== robotIds.at(-1)) {
      robotIds.push(robotId);
      starts.push(row);
      endsMs.push(Infinity);
    }
    if (states[row] === RETIRED) endsMs[robotIds.length - 1] = timesMs[row] ?? Infinity;
  });
  starts.push(length);
  const track = {
    robotIds,
    starts,
    timesMs,
    // What a step has no place for is filled in below.
    positionTimesMs: column('position_t') ? numbers('position_t') : timesMs.slice(),
    xMetres: numbers('x'),
    yMetres: numbers('y'),
    headingRadians: numbers('theta'),
    batteryPercent: numbers('battery'),
    mapIds: texts('map_id'),
    states,
    endsMs,
    stepSeconds,
  };
  robotIds.forEach((_, i) => carryForward(track, starts[i] ?? 0, starts[i + 1] ?? 0));
  return track;
}

/** What a report leaves out is what the robot said before: a heartbeat does not take it off the map. */
function carryForward(track: PlaybackTrack, start: number, end: number): void {
  const { positionTimesMs, xMetres, yMetres, headingRadians, batteryPercent, mapIds, states } = track;
  for (let row = start + 1; row < end; row++) {
    if (Number.isNaN(xMetres[row]) || Number.isNaN(yMetres[row])) {
      for (const column of [positionTimesMs, xMetres, yMetres, headingRadians]) column[row] = column[row - 1] ?? NaN;
    }
    if (Number.isNaN(batteryPercent[row])) batteryPercent[row] = batteryPercent[row - 1] ?? NaN;
    mapIds[row] ||= mapIds[row - 1] ?? '';
    states[row] ||= states[row - 1] ?? '';
  }
}

/** When the first robot was first seen in a range, in milliseconds since the epoch; Infinity when nothing was recorded. */
export function firstSeenMs({ timesMs, states }: PlaybackTrack, fromMs: number): number {
  const isSeen = (timeMs: number, row: number) => timeMs >= fromMs && states[row] !== RETIRED;
  return timesMs.reduce((first, timeMs, row) => (isSeen(timeMs, row) ? Math.min(first, timeMs) : first), Infinity);
}

function toNumber(value: unknown): number {
  return value === null || value === undefined || value === '' ? NaN : Number(value);
}

/**
 * The fleet as it was at a time: what was known then, and robots on their way between two recorded places. A robot leaves it with its
 * retirement, as it leaves the live map.
 */
export function fleetAt(track: PlaybackTrack, timeMs: number, silentAfterSeconds: number): Fleet {
  // Ages are those of the played-back moment: they do not grow with the clock on the wall.
  const inService = track.robotIds.map((_, k) => k).filter((k) => timeMs < (track.endsMs[k] ?? Infinity));
  const fleet = allocateFleet(inService.length, Infinity);
  // A sample stands for a whole step: a robot is not silent because samples are coarse.
  const silentAfter = silentAfterSeconds + track.stepSeconds;
  inService.forEach((robot, i) => {
    fleet.robotIds[i] = track.robotIds[robot] ?? '';
    fleet.rows[i] = robot;
    const row = lastRowBefore(track, robot, timeMs);
    if (row < 0) {
      fleet.statuses[i] = concludeStatus('unknown', NaN, silentAfter);
      const isAbsent = track.starts[robot] === track.starts[robot + 1];
      fleet.notPlacedReasons[i] = isAbsent ? notInRange() : notSeenYet();
      return;
    }
    const ageSeconds = (timeMs - (track.timesMs[row] ?? NaN)) / 1_000;
    fleet.ageSeconds[i] = ageSeconds;
    fleet.positionAgeSeconds[i] = (timeMs - (track.positionTimesMs[row] ?? NaN)) / 1_000;
    fleet.batteryPercent[i] = track.batteryPercent[row] ?? NaN;
    fleet.mapIds[i] = track.mapIds[row] ?? '';
    fleet.statuses[i] = concludeStatus(track.states[row], ageSeconds, silentAfter);
    fleet.reportedStates[i] = track.states[row] ?? '';
    place(track, fleet, i, { row, end: track.starts[robot + 1] ?? 0 }, timeMs);
  });
  return fleet;
}

/** The last row of robot i at or before the time; −1 when its first one is later. */
function lastRowBefore(track: PlaybackTrack, i: number, timeMs: number): number {
  const start = track.starts[i] ?? 0;
  let low = start;
  let high = track.starts[i + 1] ?? start;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((track.timesMs[middle] ?? NaN) <= timeMs) low = middle + 1;
    else high = middle;
  }
  return low > start ? low - 1 : -1;
}

/** @param at the row that is shown, and the end of this robot's rows */
function place(
  track: PlaybackTrack,
  fleet: Fleet,
  i: number,
  { row, end }: { row: number; end: number },
  timeMs: number
): void {
  const [x, y] = [track.xMetres[row] ?? NaN, track.yMetres[row] ?? NaN];
  const next = row + 1;
  const gapMs = (track.timesMs[next] ?? NaN) - (track.timesMs[row] ?? NaN);
  const isJoined =
    next < end && gapMs <= JOIN_STEPS * track.stepSeconds * 1_000 && track.mapIds[next] === track.mapIds[row];
  const share = isJoined ? (timeMs - (track.timesMs[row] ?? NaN)) / gapMs : 0;
  const [dx, dy] = isJoined ? [(track.xMetres[next] ?? NaN) - x, (track.yMetres[next] ?? NaN) - y] : [0, 0];
  fleet.xMetres[i] = Number.isNaN(dx) ? x : x + dx * share;
  fleet.yMetres[i] = Number.isNaN(dy) ? y : y + dy * share;
  const heading = track.headingRadians[row] ?? NaN;
  const turn = isJoined ? normaliseRadians((track.headingRadians[next] ?? NaN) - heading) : 0;
  fleet.headingRadians[i] = Number.isNaN(turn) ? heading : heading + turn * share;
}
