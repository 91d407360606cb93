import { sqlTime } from '@floorwatch/contract/sql-text';
import { LOW_BATTERY } from './lowBattery.ts';
import { ALL_ROBOTS, andNarrowed, fleetOf, type Narrowing } from './narrowing.ts';
import { filterConditions, isFiltered } from './pageFilters.ts';
import { andSelected } from './selection.ts';

/** Of now, without a filter: the view without zones and times in a state, which nothing here counts. */
const NOW = 'warehouse.v_fleet_reports';
/** Condition: the minute was over when it was computed. The current one is computed too, with the events so far. */
export const IS_WHOLE_MINUTE = 'computed_at >= minute + INTERVAL 1 MINUTE';
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const WEEK_MS = 7 * 24 * HOUR_MS;
/** Up to this, the trend reads minutes; longer ranges read hours, which are a sixtieth of the rows. */
const MOST_OF_MINUTES_MS = 6 * HOUR_MS;
const MOST_POINTS = 60;

interface CountedFleet {
  /** A past moment, in milliseconds since the epoch. Without one, it is of now. */
  atMs?: number;
  /** Condition: roll-ups have events of that moment. */
  hadEvents?: string;
  narrowing?: Narrowing;
}

/**
 * The fleet in one row. The statuses and `not_placed` are the views'; `robots` is the sum of the statuses. `is_known` is 0 where
 * these are no answer: at a past moment before which no robot reported, or whose events are deleted while roll-ups remain.
 * `expected` counts robots in service now and those that were retired since: who was not yet known then is not kept.
 * `battery_tenths` is a JSON list of ten numbers: robots below 10 %, below 20 %, ... up to 100 %; empty without robots.
 */
export const kpiCounts = ({ atMs = NaN, hadEvents = '0', narrowing = ALL_ROBOTS }: CountedFleet = {}): string => `SELECT
  count() AS robots,
  countIf(status = 'working') AS working,
  countIf(status = 'idle') AS idle,
  countIf(status = 'charging') AS charging,
  countIf(status = 'blocked') AS blocked,
  countIf(status = 'error') AS error,
  countIf(status = 'silent') AS silent,
  countIf(status = 'offline') AS offline,
  countIf(status = 'manual') AS manual,
  countIf(status = 'maintenance') AS maintenance,
  robots - working - idle - charging - blocked - error - silent - offline - manual - maintenance AS unknown,
  countIf(not_placed_reason != '') AS not_placed,
  countIf(battery < ${LOW_BATTERY.percent}) AS low_battery,
  toString(sumForEachIf(
    arrayMap(tenth -> toUInt32(least(intDiv(toUInt32(assumeNotNull(battery)), 10), 9) = tenth), range(10)),
    battery IS NOT NULL)) AS battery_tenths,
  if(robots = 0, NULL, min(age_seconds)) AS data_age_seconds,
  (SELECT count() FROM warehouse.v_robot_roster WHERE ${wasInService(atMs)}${wasExpected(atMs, narrowing)}) AS expected,
  ${!Number.isNaN(atMs) ? `toUInt8(count(ts) > 0 OR (robots > 0 AND NOT ${hadEvents}))` : '1'} AS is_known
FROM ${fleetOf(atMs, narrowing, NOW)}`;

function wasInService(atMs: number): string {
  if (Number.isNaN(atMs)) return "service = 'in service'";
  return `(service = 'in service' OR retired_at > ${sqlTime(atMs)})`;
}

/** A robot that never reported is in no zone and on no floor, but its site and its model are known. */
function wasExpected(atMs: number, narrowing: Narrowing): string {
  const { robots, filters } = narrowing;
  if (!isFiltered(filters)) return andSelected(robots);
  const isNew =
    filters.zone === '' ? `last_received_at IS NULL${filterConditions(filters, ['site', 'map', 'model'])}` : '0';
  return `${andSelected(robots)} AND ((1${andNarrowed(atMs, narrowing)}) OR (${isNew}))`;
}

export interface KpiRange {
  /** Milliseconds since the epoch. */
  fromMs: number;
  toMs: number;
}

/** Whole minutes or hours of the range and of the same time a week before, in at most 60 buckets. */
export function kpiBuckets({ fromMs, toMs }: KpiRange) {
  const isOfHours = toMs - fromMs > MOST_OF_MINUTES_MS;
  const unitMs = isOfHours ? HOUR_MS : MINUTE_MS;
  const units = Math.max(1, Math.floor(toMs / unitMs) - Math.floor(fromMs / unitMs));
  const unitsPerBucket = Math.ceil(units / MOST_POINTS);
  const bucketMs = unitsPerBucket * unitMs;
  const endMs = Math.floor(toMs / unitMs) * unitMs;
  const startMs = endMs - Math.ceil(units / unitsPerBucket) * bucketMs;
  return { startMs, endMs, bucketMs, isOfHours, hasWeekBefore: endMs - startMs <= WEEK_MS };
}

/** The condition that a time lies in the buckets, or in those of the week before. */
function inBuckets(column: string, { startMs, endMs, hasWeekBefore }: ReturnType<typeof kpiBuckets>): string {
  const between = (from: number, to: number) =>
    `(${column} >= toDateTime(${from / 1_000}, 'UTC') AND ${column} < toDateTime(${to / 1_000}, 'UTC'))`;
  const now = between(startMs, endMs);
  return hasWeekBefore ? `(${now} OR ${between(startMs - WEEK_MS, endMs - WEEK_MS)})` : now;
}

const weeksAgo = (column: string, { startMs }: { startMs: number }) =>
  `toUInt8(${column} < toDateTime(${startMs / 1_000}, 'UTC'))`;

/** Number of the bucket, from 0. */
const bucketOf = (column: string, { startMs, bucketMs }: ReturnType<typeof kpiBuckets>) =>
  `intDiv(toUnixTimestamp(${column}) - ${startMs / 1_000} + ${WEEK_MS / 1_000} * weeks_ago, ${bucketMs / 1_000})`;

/** The states whose seconds a minute has. */
export const REPORTED_STATES = [
  'working',
  'idle',
  'charging',
  'blocked',
  'error',
  'manual',
  'maintenance',
  'offline',
  'unknown',
] as const;

/**
 * How many robots were in each state, on average over each bucket, and what the fleet did in it; one row per bucket, of the range
 * (`weeks_ago` 0) and of the same time a week before (1). A robot that reported in the range is silent in the rest of its time.
 * Minutes with an event from a clock that is ahead are left out, as in `v_state_shares`; so are those computed before they were
 * over, which hold a third of their events until the next refresh.
 * @param ofRobots condition on `robot_id`, with `AND` before it; '' for all
 */
export function kpiTrend(range: KpiRange, ofRobots = ''): string {
  const buckets = kpiBuckets(range);
  const [view, column, seconds, isWhole] = buckets.isOfHours
    ? ['v_robot_hours', 'hour', 3_600, '']
    : ['v_robot_minutes', 'minute', 60, ` AND ${IS_WHOLE_MINUTE}`];
  const states = REPORTED_STATES.map((state) => `in_${state} / bucket_seconds AS ${state}`).join(', ');
  const sums = REPORTED_STATES.map((state) => `sum(seconds_${state}) AS in_${state}`).join(', ');
  // The names of sums are not those of columns: ClickHouse would take one for the other.
  return `SELECT
  weeks_ago, fromUnixTimestamp64Milli(toInt64(${buckets.startMs} + ${buckets.bucketMs} * bucket), 'UTC') AS time, bucket_seconds,
  ${states},
  in_working AS seconds_working, ${REPORTED_STATES.map((state) => `in_${state}`).join(' + ')} AS seconds_reported,
  uniqExactMerge(ids) OVER (PARTITION BY weeks_ago) - seconds_reported / bucket_seconds AS silent,
  all_events / bucket_seconds AS events_per_second, completed AS tasks_completed, low / periods AS low_battery
FROM (
  SELECT
    weeks_ago, bucket, uniqExact(${column}) AS periods, ${seconds} * periods AS bucket_seconds, ${sums},
    uniqExactState(robot_id) AS ids, sum(events) AS all_events, sum(tasks_completed) AS completed, countIf(battery_last < ${LOW_BATTERY.percent}) AS low
  FROM (
    SELECT *, ${weeksAgo(column, buckets)} AS weeks_ago, ${bucketOf(column, buckets)} AS bucket
    FROM warehouse.${view}
    WHERE ${inBuckets(column, buckets)} AND clock_ahead_events = 0${isWhole}${ofRobots}
  )
  GROUP BY weeks_ago, bucket
)
ORDER BY weeks_ago, bucket`;
}

/**
 * Task times of each bucket, and of the whole range in the rows with `is_all`; of the range (`weeks_ago` 0) and of the same time a
 * week before (1). A task counts at its end.
 * @param ofRobots as above
 */
export function kpiTasks(range: KpiRange, ofRobots = ''): string {
  const buckets = kpiBuckets(range);
  return `SELECT
  weeks_ago, grouping(bucket) AS is_all,
  fromUnixTimestamp64Milli(toInt64(${buckets.startMs} + ${buckets.bucketMs} * bucket), 'UTC') AS time,
  count() AS tasks, countIf(outcome = 'failed') AS failed,
  quantileExactInclusive(0.95)(task_duration) AS p95_seconds
FROM (
  SELECT outcome, task_duration, ${weeksAgo('ended_at', buckets)} AS weeks_ago, ${bucketOf('ended_at', buckets)} AS bucket
  FROM warehouse.v_task_ends
  WHERE ${inBuckets('ended_at', buckets)}${ofRobots}
)
GROUP BY GROUPING SETS ((weeks_ago, bucket), (weeks_ago))
ORDER BY weeks_ago, is_all, bucket`;
}
