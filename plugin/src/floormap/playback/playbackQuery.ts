import { sqlText, sqlTime } from '@floorwatch/contract/sql-text';
import { notRetired } from '../../queries/fleetAt.ts';

/** Rows that a playback may read: about 15 MB, read once when the playback is opened. */
export const MAX_PLAYBACK_ROWS = 150_000;

/** Steps that people can read off; longer ones are whole minutes. */
const STEPS_SECONDS = [1, 2, 5, 10, 15, 20, 30, 60] as const;

/** Seconds between two places of one robot, so that the whole fleet over the range stays within the row cap. */
export function playbackStepSeconds(robots: number, rangeSeconds: number): number {
  // A range begins and ends within a step, and each robot has a row from before it: three more than whole steps fit in.
  const rows = Math.max(MAX_PLAYBACK_ROWS / 2, MAX_PLAYBACK_ROWS - 3 * robots);
  const finest = (Math.max(1, robots) * Math.max(1, rangeSeconds)) / rows;
  return STEPS_SECONDS.find((step) => step >= finest) ?? Math.ceil(finest / 60) * 60;
}

/** The state of the row at which a robot leaves the fleet. */
export const RETIRED = 'retired';

/** So long before the range, a robot's last report is looked for; `fleetAt` of the pages looks back as far. */
const LOOK_BACK_MS = 15 * 60_000;

/**
 * The whole fleet over a time range, one row per robot and step: the last thing known within the step. The first row of a robot
 * is what it last reported in the 15 minutes before the range, at its true time: the playback begins with it. Robots that were
 * retired before the range are left out; one that was retired within it has a row with the state `retired` at that time.
 * @param fromMs @param toMs milliseconds since the epoch
 */
export function playbackSql(fromMs: number, toMs: number, stepSeconds: number): string {
  return `SELECT * FROM (
SELECT
  toString(robot_id) AS robot_id,
  toFloat64(max(toUnixTimestamp64Milli(ts))) AS t,
  toFloat64(maxOrNullIf(toUnixTimestamp64Milli(ts), isNotNull(e.x))) AS position_t,
  argMax(e.x, ts) AS x,
  argMax(y, ts) AS y,
  argMax(theta, ts) AS theta,
  argMax(toNullable(toString(map_id)), ts) AS map_id,
  argMax(toNullable(toString(state)), ts) AS state,
  argMax(battery, ts) AS battery
FROM warehouse.v_events AS e
WHERE ${within(fromMs - LOOK_BACK_MS, toMs)}
  AND ${notRetired(fromMs)}
GROUP BY robot_id, if(ts < ${sqlTime(fromMs)}, -1, intDiv(toUnixTimestamp64Milli(ts), ${stepSeconds * 1_000}))
UNION ALL
SELECT
  toString(robot_id), toFloat64(toUnixTimestamp64Milli(assumeNotNull(retired_at))), NULL, NULL, NULL, NULL, NULL, ${sqlText(RETIRED)}, NULL
FROM warehouse.v_robot_roster
WHERE retired_at > ${sqlTime(fromMs)} AND retired_at <= ${sqlTime(toMs)}
)
ORDER BY robot_id, t
LIMIT ${MAX_PLAYBACK_ROWS}`;
}

/** How many robots reported within a range of time, or shortly before: more than there are now, or than the panel's query returns. */
export function playbackRobotsSql(fromMs: number, toMs: number): string {
  return `SELECT toUInt32(uniqExact(robot_id)) AS robots FROM warehouse.v_events WHERE ${within(fromMs - LOOK_BACK_MS, toMs)}`;
}

function within(fromMs: number, toMs: number): string {
  return `ts BETWEEN ${sqlTime(fromMs)} AND ${sqlTime(toMs)}`;
}
