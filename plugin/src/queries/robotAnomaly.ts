import { sqlText } from '@floorwatch/contract/sql-text';

/** The hour that is not over has a row too, which would be compared with whole ones. */
const WHOLE_HOURS = `hour <= now('UTC') - INTERVAL 1 HOUR`;

/** How unlike its own past and its peers the robot was, by hour: the score, and the four parts of which it is the highest. */
export function robotAnomalyScores(robotId: string): string {
  return `SELECT
  hour AS time, gap_score AS "Longest gap", errors_score AS "Errors", drain_score AS "Battery drain", speed_score AS "Speed"
FROM warehouse.v_robot_anomaly
WHERE robot_id = ${sqlText(robotId)} AND $__timeFilter(hour) AND ${WHOLE_HOURS}
ORDER BY time`;
}

/** The last whole hour of the robot beside all robots in that hour: one row a part, with its place among them. */
export function robotBesidePeers(robotId: string): string {
  return `WITH hours AS (SELECT * FROM warehouse.v_robot_anomaly WHERE $__timeFilter(hour) AND ${WHOLE_HOURS}),
  (SELECT max(hour) FROM hours WHERE robot_id = ${sqlText(robotId)}) AS last_hour
SELECT
  one.1 AS part,
  anyIf(one.2, robot_id = ${sqlText(robotId)}) AS own,
  quantileExact(0.5)(one.2) AS median,
  quantileExact(0.95)(one.2) AS p95,
  countIf(one.2 IS NOT NULL) AS robots,
  if(own IS NULL, NULL, arrayCount(value -> value > own, groupArray(one.2)) + 1) AS place,
  anyIf(one.3, robot_id = ${sqlText(robotId)}) AS score,
  any(hour) AS hour
FROM (
  SELECT robot_id, hour, arrayJoin([
    ('gap', toNullable(toFloat64(gap_seconds)), gap_score),
    ('errors', toNullable(toFloat64(errors)), errors_score),
    ('drain', toNullable(toFloat64(drain_percent)), drain_score),
    ('speed', toNullable(toFloat64(speed_mean)), speed_score)]) AS one
  FROM hours
  WHERE hour = last_hour
)
GROUP BY part
ORDER BY indexOf(['gap', 'errors', 'drain', 'speed'], part)`;
}
