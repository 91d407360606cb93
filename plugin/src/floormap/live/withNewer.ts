import type { RobotField } from '../fleet/fields';
import { indexInPrevious, type Fleet } from '../fleet/fleet';

/** What the query of the map returns: nothing else is taken from another answer. */
export type ShownFields = Readonly<Partial<Record<RobotField, unknown>>>;

/**
 * The fleet with the newer reports of another answer about the same robots. It has the robots of `fleet` and no others, whatever the other
 * answer says: the map's query decides which robots are shown. Which report is newer is decided by the warehouse (`reportedAtMs`),
 * never by a clock of the browser. What the poll does not ask for, such as the ring of an unlocalised robot, stays that of `fleet`.
 * @returns `fleet` itself when nothing is newer
 */
export function withNewer(fleet: Fleet, other: Fleet, shown: ShownFields): Fleet {
  const indexInOther = indexInPrevious(other, fleet);
  const newer: Array<readonly [i: number, from: number]> = [];
  for (let i = 0; i < fleet.count; i++) {
    const from = indexInOther(i);
    if (from >= 0 && (other.reportedAtMs[from] ?? NaN) > (fleet.reportedAtMs[i] ?? NaN)) newer.push([i, from]);
  }
  if (newer.length === 0) return fleet;
  const readAtMs = Math.max(fleet.readAtMs, other.readAtMs);
  const merged = copyOf(fleet, readAtMs);
  const columns = columnsOf(merged, other, shown);
  const otherIsOlderBySeconds = (readAtMs - other.readAtMs) / 1_000;
  for (const [i, from] of newer) {
    for (const [column, otherColumn] of columns) column[i] = otherColumn[from] ?? NaN;
    merged.ageSeconds[i] = (other.ageSeconds[from] ?? NaN) + otherIsOlderBySeconds;
    merged.positionAgeSeconds[i] = (other.positionAgeSeconds[from] ?? NaN) + otherIsOlderBySeconds;
    if (shown.status) merged.statuses[i] = other.statuses[from] ?? 0;
    if (shown.reportedState) merged.reportedStates[i] = other.reportedStates[from] ?? '';
    if (shown.errorCode) merged.errorCodes[i] = other.errorCodes[from] ?? '';
    if (shown.taskId) merged.taskIds[i] = other.taskIds[from] ?? '';
    if (shown.mapId) merged.mapIds[i] = other.mapIds[from] ?? '';
    merged.notPlacedReasons[i] = other.notPlacedReasons[from] ?? '';
  }
  return merged;
}

/** A copy of what can change, with the ages of a later moment. */
function copyOf(fleet: Fleet, readAtMs: number): Fleet {
  const passedSeconds = (readAtMs - fleet.readAtMs) / 1_000;
  const older = (age: number) => age + passedSeconds;
  const speed = fleet.speedMetresPerSecond.slice();
  return {
    ...fleet,
    readAtMs,
    listed: { ...fleet.listed, speed },
    speedMetresPerSecond: speed,
    xMetres: fleet.xMetres.slice(),
    yMetres: fleet.yMetres.slice(),
    headingRadians: fleet.headingRadians.slice(),
    batteryPercent: fleet.batteryPercent.slice(),
    reportedAtMs: fleet.reportedAtMs.slice(),
    ageSeconds: fleet.ageSeconds.map(older),
    positionAgeSeconds: fleet.positionAgeSeconds.map(older),
    statuses: fleet.statuses.slice(),
    reportedStates: [...fleet.reportedStates],
    mapIds: [...fleet.mapIds],
    errorCodes: [...fleet.errorCodes],
    taskIds: [...fleet.taskIds],
    notPlacedReasons: [...fleet.notPlacedReasons],
  };
}

function columnsOf(merged: Fleet, other: Fleet, shown: ShownFields): Array<[Float64Array, Float64Array]> {
  const columns: Array<[Float64Array, Float64Array]> = [
    [merged.xMetres, other.xMetres],
    [merged.yMetres, other.yMetres],
    [merged.reportedAtMs, other.reportedAtMs],
  ];
  if (shown.heading) columns.push([merged.headingRadians, other.headingRadians]);
  if (shown.battery) columns.push([merged.batteryPercent, other.batteryPercent]);
  if (shown.speed) columns.push([merged.speedMetresPerSecond, other.speedMetresPerSecond]);
  return columns;
}
