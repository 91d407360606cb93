import { hadEvents } from './fleetAt';
import { kpiBuckets, kpiCounts, kpiTasks, kpiTrend } from './kpis';

const HOUR_MS = 3_600_000;
const at = (time: string) => Date.parse(`2026-11-24T${time}Z`);

it('has 60 buckets of a minute in an hour, up to the last whole minute', () => {
  const { startMs, endMs, bucketMs, isOfHours } = kpiBuckets({ fromMs: at('01:00:25'), toMs: at('02:00:25') });
  expect([startMs, endMs, bucketMs, isOfHours]).toEqual([at('01:00:00'), at('02:00:00'), 60_000, false]);
});

it.each([1, 5, 6, 7, 24, 100, 2_000])('has at most 60 buckets, all of one width, in a range of %d hours', (hours) => {
  const { startMs, endMs, bucketMs } = kpiBuckets({ fromMs: at('02:00:00') - hours * HOUR_MS, toMs: at('02:00:00') });
  expect((endMs - startMs) / bucketMs).toBeLessThanOrEqual(60);
  expect((endMs - startMs) % bucketMs).toBe(0);
  expect(endMs - startMs).toBeGreaterThanOrEqual(hours * HOUR_MS);
});

it('reads hours where minutes would be too many, and no week before where it would overlap', () => {
  const day = { fromMs: 0, toMs: 24 * HOUR_MS };
  expect(kpiTrend(day)).toContain('warehouse.v_robot_hours');
  expect(kpiTrend({ fromMs: 0, toMs: HOUR_MS })).toContain('warehouse.v_robot_minutes');
  expect(kpiTasks(day)).toContain(' OR (ended_at >=');
  expect(kpiTasks({ fromMs: 0, toMs: 8 * 24 * HOUR_MS })).not.toContain(' OR (ended_at >=');
});

it('counts a retired robot at a past moment up to its retirement, among those that report and those in service alike', () => {
  const sql = kpiCounts({ atMs: 5_000 });
  const then = "fromUnixTimestamp64Milli(5000, 'UTC')";
  expect(sql).toContain(`robot_id NOT IN (SELECT robot_id FROM warehouse.v_robot_roster WHERE retired_at <= ${then})`);
  // Their minutes do not say that events are deleted.
  expect(hadEvents(5_000)).toContain(
    `AND robot_id NOT IN (SELECT robot_id FROM warehouse.v_robot_roster WHERE retired_at <= ${then})`
  );
  expect(sql).toContain(`WHERE (service = 'in service' OR retired_at > ${then})) AS expected`);
  expect(kpiCounts()).toContain("WHERE service = 'in service') AS expected");
});
