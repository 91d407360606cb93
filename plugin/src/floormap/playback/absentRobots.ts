import type { Fleet } from '../fleet/fleet';
import type { PlaybackTrack } from './playbackTrack';

/**
 * The track with the robots of the fleet that said nothing in its range. One that has been silent since before the range
 * stands where it was last seen, as it does on the live map; the others have no place, but are counted.
 * @param fromMs when the range begins
 */
export function withAbsentRobots(track: PlaybackTrack, fleet: Fleet, fromMs: number): PlaybackTrack {
  const recorded = new Set(track.robotIds);
  const absent = fleet.robotIds.map((_, i) => i).filter((i) => !recorded.has(fleet.robotIds[i] ?? ''));
  if (absent.length === 0) return track;
  const readAtMs = Number.isNaN(fleet.asOfMs) ? fleet.readAtMs : fleet.asOfMs;
  const seenMs = (i: number) => readAtMs - (fleet.ageSeconds[i] ?? NaN) * 1_000;
  const seen = absent.filter((i) => seenMs(i) <= fromMs);
  const unseen = absent.filter((i) => !(seenMs(i) <= fromMs));
  const nameOf = (i: number) => fleet.robotIds[i] ?? '';
  const rows = track.timesMs.length;
  const joined = (column: Float64Array, more: (i: number) => number) => concat(column, seen.map(more));
  return {
    ...track,
    robotIds: [...track.robotIds, ...seen.map(nameOf), ...unseen.map(nameOf)],
    // One row for each that was seen, none for the others.
    starts: [...track.starts, ...seen.map((_, k) => rows + k + 1), ...unseen.map(() => rows + seen.length)],
    timesMs: joined(track.timesMs, seenMs),
    positionTimesMs: joined(track.positionTimesMs, (i) => readAtMs - (fleet.positionAgeSeconds[i] ?? NaN) * 1_000),
    xMetres: joined(track.xMetres, (i) => fleet.xMetres[i] ?? NaN),
    yMetres: joined(track.yMetres, (i) => fleet.yMetres[i] ?? NaN),
    headingRadians: joined(track.headingRadians, (i) => fleet.headingRadians[i] ?? NaN),
    batteryPercent: joined(track.batteryPercent, (i) => fleet.batteryPercent[i] ?? NaN),
    mapIds: [...track.mapIds, ...seen.map((i) => fleet.mapIds[i] ?? '')],
    states: [...track.states, ...seen.map((i) => fleet.reportedStates[i] ?? '')],
    endsMs: [...track.endsMs, ...absent.map(() => Infinity)],
  };
}

function concat(column: Float64Array, more: readonly number[]): Float64Array {
  const joined = new Float64Array(column.length + more.length);
  joined.set(column);
  joined.set(more, column.length);
  return joined;
}
