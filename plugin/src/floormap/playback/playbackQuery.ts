/** Rows that a playback may read: about 15 MB, read once when the playback is opened. */
export const MAX_PLAYBACK_ROWS = 150_000;

/** Steps that people can read off; longer ones are whole minutes. */
const STEPS_SECONDS = [1, 2, 5, 10, 15, 20, 30, 60] as const;

/** Seconds between two places of one robot, so that the whole fleet over the range stays within the row cap. */
export function playbackStepSeconds(robots: number, rangeSeconds: number): number {
  // A range begins and ends within a step: each robot may have two rows more than whole steps fit in.
  const rows = Math.max(MAX_PLAYBACK_ROWS / 2, MAX_PLAYBACK_ROWS - 2 * robots);
  const finest = (Math.max(1, robots) * Math.max(1, rangeSeconds)) / rows;
  return STEPS_SECONDS.find((step) => step >= finest) ?? Math.ceil(finest / 60) * 60;
}

/**
 * The whole fleet over a range of time, one row per robot and step: the last thing known within the step.
 * @param fromMs @param toMs milliseconds since the epoch
 */
export function playbackSql(fromMs: number, toMs: number, stepSeconds: number): string {
  return `SELECT
  robot_id,
  toFloat64(max(toUnixTimestamp64Milli(ts))) AS t,
  argMax(x, ts) AS x,
  argMax(y, ts) AS y,
  argMax(theta, ts) AS theta,
  argMax(toNullable(toString(map_id)), ts) AS map_id,
  argMax(toNullable(toString(state)), ts) AS state,
  argMax(battery, ts) AS battery
FROM warehouse.v_events
WHERE ${within(fromMs, toMs)}
GROUP BY robot_id, intDiv(toUnixTimestamp64Milli(ts), ${stepSeconds * 1_000})
ORDER BY robot_id, t
LIMIT ${MAX_PLAYBACK_ROWS}`;
}

/** How many robots reported within a range of time: more than there are now, or than the panel's query returns. */
export function playbackRobotsSql(fromMs: number, toMs: number): string {
  return `SELECT toUInt32(uniqExact(robot_id)) AS robots FROM warehouse.v_events WHERE ${within(fromMs, toMs)}`;
}

function within(fromMs: number, toMs: number): string {
  const time = (ms: number) => `fromUnixTimestamp64Milli(${Math.round(ms)}, 'UTC')`;
  return `ts BETWEEN ${time(fromMs)} AND ${time(toMs)}`;
}
