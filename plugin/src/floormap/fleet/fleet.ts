import { TOOLTIP_FIELDS, type TooltipName } from '@floorwatch/contract';

/**
 * The robots of one data frame, as columns: the painter walks 50,000 of them sixty times per second.
 * Index i is the same robot in every column. A missing number is NaN, a missing text ''.
 */
export interface Fleet {
  count: number;
  /** Milliseconds since the epoch at which the ages below were true; Infinity when they stand still. */
  readAtMs: number;
  /** The past moment that the fleet is shown at, milliseconds since the epoch; NaN while that is now. */
  asOfMs: number;
  robotIds: string[];
  xMetres: Float64Array;
  yMetres: Float64Array;
  headingRadians: Float64Array;
  speedMetresPerSecond: Float64Array;
  /** Numbers that the tooltip lists, each in the unit of its field. */
  listed: Record<TooltipName, Float64Array>;
  batteryPercent: Float64Array;
  /** The warehouse's own order of reports, milliseconds since the epoch (`reported_at`); NaN where the query does not return it. */
  reportedAtMs: Float64Array;
  /** Whether it holds reports that arrived after the last answer of the map's query, and before the next one. */
  isBetweenAnswers: boolean;
  /** Since the last event of any kind. */
  ageSeconds: Float64Array;
  /** Since the last position. */
  positionAgeSeconds: Float64Array;
  /** Radius of the ring that an unlocalised robot may be within; NaN or 0 when it knows where it is. */
  deviationMetres: Float64Array;
  /** By how much its clock is wrong; NaN where it is right, or the query does not say. */
  clockOffsetSeconds: Float64Array;
  /** Index into STATUSES. */
  statuses: Uint8Array;
  /** What the robot says of itself, in its own words; '' when it says nothing. */
  reportedStates: string[];
  mapIds: string[];
  errorCodes: string[];
  taskIds: string[];
  /** Why the query itself says that a robot has no place; '' when it does not. */
  notPlacedReasons: string[];
  /** Row of the source frame, for data links. */
  rows: Uint32Array;
  /** Rows left out because a newer one holds the same robot. */
  olderRows: number;
  /** Rows left out because they name no robot. */
  namelessRows: number;
  /** Robots whose data is old because the pipeline lags, not because they are silent. */
  lateRobots: number;
  /** Age of the newest data among them; Infinity when there are none. */
  leastLateSeconds: number;
}

export function emptyFleet(readAtMs: number): Fleet {
  return allocateFleet(0, readAtMs);
}

export function allocateFleet(count: number, readAtMs: number): Fleet {
  const numbers = () => new Float64Array(count).fill(NaN);
  const listed = Object.fromEntries(TOOLTIP_FIELDS.map(({ name }) => [name, numbers()])) as Fleet['listed'];
  const texts = () => new Array<string>(count).fill('');
  return {
    count,
    readAtMs,
    asOfMs: NaN,
    robotIds: texts(),
    xMetres: numbers(),
    yMetres: numbers(),
    headingRadians: numbers(),
    speedMetresPerSecond: listed.speed,
    listed,
    batteryPercent: numbers(),
    reportedAtMs: numbers(),
    isBetweenAnswers: false,
    ageSeconds: numbers(),
    positionAgeSeconds: numbers(),
    deviationMetres: numbers(),
    clockOffsetSeconds: numbers(),
    statuses: new Uint8Array(count),
    reportedStates: texts(),
    mapIds: texts(),
    errorCodes: texts(),
    taskIds: texts(),
    notPlacedReasons: texts(),
    rows: new Uint32Array(count),
    olderRows: 0,
    namelessRows: 0,
    lateRobots: 0,
    leastLateSeconds: Infinity,
  };
}

/** For each robot of the next fleet its index in the previous one; −1 for a robot that was not there. */
export function indexInPrevious(previous: Fleet | null, next: Fleet): (i: number) => number {
  if (!previous) return () => -1;
  const isSameOrder =
    previous.count === next.count && previous.robotIds.every((robotId, i) => robotId === next.robotIds[i]);
  if (isSameOrder) return (i) => i;
  const indexById = new Map(previous.robotIds.map((robotId, i) => [robotId, i]));
  return (i) => indexById.get(next.robotIds[i] ?? '') ?? -1;
}
