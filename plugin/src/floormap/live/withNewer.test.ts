import { testFleet } from '../fleet/testFleet';
import { withNewer } from './withNewer';

const ALL = { heading: 1, status: 1, reportedState: 1, battery: 1, speed: 1, mapId: 1, errorCode: 1, taskId: 1 };
const SECOND_MS = 1_000;
/** The order of reports in the warehouse, in seconds. */
const at = (seconds: number) => new Date(1_700_000_000_000 + seconds * SECOND_MS).toISOString();
const robot = (robot_id: string, x: number, reportedAt: number, over: object = {}) => ({
  ...{ robot_id, x, y: 1, theta: 0, speed: 1, battery: 50, map_id: 'hall', error_code: null, task_id: null },
  ...{ status: 'working', state: 'working', silent_seconds: 0, age_seconds: 1, position_age_seconds: 1 },
  ...{ reported_at: at(reportedAt), ...over },
});

it('takes the newer report of each robot, with all that it says', () => {
  const fleet = testFleet(
    [robot('a', 1, 10, { error_code: 'E1', status: 'error', state: 'error' }), robot('b', 5, 20)],
    0
  );
  const changes = testFleet(
    [robot('b', 4, 19), robot('a', 2, 11, { battery: 49, map_id: 'mezzanine', task_id: 't', age_seconds: 0.5 })],
    3 * SECOND_MS
  );
  const merged = withNewer(fleet, changes, ALL);
  expect([...merged.xMetres]).toEqual([2, 5]);
  expect([merged.errorCodes[0], merged.reportedStates[0], merged.taskIds[0]]).toEqual(['', 'working', 't']);
  expect(merged.statuses[0]).toBe(merged.statuses[1]);
  expect([merged.batteryPercent[0], merged.mapIds[0]]).toEqual([49, 'mezzanine']);
  // The report of `b` is 1 s older than it was 3 s before; that of `a` was read just now.
  expect([...merged.ageSeconds]).toEqual([0.5, 4]);
  expect([...merged.positionAgeSeconds]).toEqual([1, 4]);
  expect(merged.readAtMs).toBe(3 * SECOND_MS);
  // What is on screen meanwhile is not changed under the painter.
  expect([...fleet.xMetres]).toEqual([1, 5]);
});

it('keeps what arrived since, when the answer of the query was computed before', () => {
  const shown = testFleet([robot('a', 9, 12)], 5 * SECOND_MS);
  const late = testFleet([robot('a', 1, 10), robot('b', 5, 20)], 4 * SECOND_MS);
  const merged = withNewer(late, shown, ALL);
  expect([...merged.xMetres]).toEqual([9, 5]);
  expect([...merged.ageSeconds]).toEqual([1, 2]);
});

it('adds no robot that the query did not return, and is the same fleet when nothing is newer', () => {
  const fleet = testFleet([robot('a', 1, 10)]);
  expect(withNewer(fleet, testFleet([robot('other site', 1, 99), robot('a', 7, 10)]), ALL)).toBe(fleet);
  expect(withNewer(fleet, testFleet([]), ALL)).toBe(fleet);
});

it('changes nothing that the query does not return', () => {
  const fleet = testFleet([{ robot_id: 'a', x: 1, y: 1, reported_at: at(1) }]);
  const merged = withNewer(fleet, testFleet([robot('a', 2, 2, { error_code: 'E1' })]), {});
  expect(merged.xMetres[0]).toBe(2);
  expect([merged.mapIds[0], merged.errorCodes[0], merged.taskIds[0]]).toEqual(['', '', '']);
  expect(merged.statuses[0]).toBe(fleet.statuses[0]);
  expect([merged.batteryPercent[0], merged.headingRadians[0], merged.listed.speed[0]]).toEqual([NaN, NaN, NaN]);
});

it('merges nothing where the query does not say how new a report is', () => {
  const fleet = testFleet([{ robot_id: 'a', x: 1, y: 1 }]);
  expect(withNewer(fleet, testFleet([robot('a', 2, 2)]), ALL)).toBe(fleet);
});
