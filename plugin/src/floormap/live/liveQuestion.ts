import { sqlText } from '@floorwatch/contract/sql-text';

/** The poll names the robots of a map that shows at most so many. For more, all that changed is the shorter question. */
const FEW_ROBOTS = 20;

const PERIOD_MS = 1_000;
/** The pause after an answer is at least this many times as long as the answer took, so that a poll never keeps a database busy. */
const PAUSE_PER_ANSWER = 2;
const RETRY = { firstMs: 5_000, mostMs: 60_000 };
/** Viewers who ask within this time ask in the same words, so that the query cache of ClickHouse answers all but one. */
const SAME_WORDS_MS = 500;

/** The robots to name in the poll; null for all. */
export function fewRobots(robotIds: readonly string[]): readonly string[] | null {
  return robotIds.length <= FEW_ROBOTS ? robotIds : null;
}

/**
 * Which robots arrived in the last seconds, by the clock of ClickHouse. The time of the browser only makes the words of the question
 * the same for all viewers: no row depends on it.
 */
export function changesSql(robotIds: readonly string[] | null, browserMs: number): string {
  const ofFew = robotIds ? ` AND robot_id IN (${robotIds.map(sqlText).join(', ')})` : '';
  return `SELECT
  robot_id, reported_at, x, y, theta, map_id, status, state, age_seconds, silent_seconds, position_age_seconds, battery, speed,
  error_code, task_id
FROM warehouse.v_fleet_changes
WHERE ${Math.floor(browserMs / SAME_WORDS_MS)} > 0${ofFew}`;
}

/**
 * Milliseconds between an answer and the next question.
 * @param failures how many answers failed in a row
 */
export function pauseMs(tookMs: number, failures: number): number {
  if (failures > 0) return Math.min(RETRY.mostMs, RETRY.firstMs * 2 ** (failures - 1));
  return Math.max(PERIOD_MS - tookMs, PAUSE_PER_ANSWER * tookMs);
}
