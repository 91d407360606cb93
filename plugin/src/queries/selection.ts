import { sqlText } from '@floorwatch/contract/sql-text';

/**
 * The robots that the page's address selects, when these are several; null for all. A single robot has its own sheet beside the
 * map, and the fleet's figures stay.
 */
export function selectedRobots(parameters: URLSearchParams): readonly string[] | null {
  const ids = [...new Set(parameters.getAll('var-robot'))].filter((id) => id !== '');
  return ids.length < 2 || ids.includes('$__all') ? null : ids;
}

/** Condition on `robot_id`, to be added to others; '' for all robots. */
export function andSelected(robots: readonly string[] | null): string {
  return robots === null ? '' : ` AND robot_id IN (${robots.map(sqlText).join(', ')})`;
}
