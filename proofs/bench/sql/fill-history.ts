import type { ClickHouseClient } from '@clickhouse/client';

const PERIODS = [
  { table: 'telemetry_minute', seconds: 60 },
  { table: 'telemetry_hour', seconds: 3_600 },
] as const;
const SECONDS_PER_DAY = 86_400;

/**
 * Fills minutes and hours up to now directly, with realistic sizes, while the views that compute them are stopped: their cost is a
 * measure of its own.
 */
export async function fillHistory(client: ClickHouseClient, robots: number, days: number): Promise<void> {
  for (const { table, seconds } of PERIODS) {
    await client.command({ query: `TRUNCATE TABLE ${table}` });
    const periods = SECONDS_PER_DAY / seconds;
    for (let day = days - 1; day >= 0; day--) {
      await client.command({
        query: `INSERT INTO ${table}
          (robot_id, minute, site_id, map_id, events, distance_metres, speed_mean, speed_reports, battery_mean, battery_reports, battery_min,
           battery_first, battery_last, tasks_started, tasks_completed, seconds_working, seconds_idle, seconds_charging, max_gap_seconds,
           events_read, computed_at)
          WITH intDiv(number, ${periods}) AS robot, cityHash64(number, ${day}) AS random
          SELECT
            concat('robot-', leftPad(toString(robot), 5, '0')),
            toDateTime(intDiv(toUnixTimestamp(now()), ${seconds}) * ${seconds} - ${day * SECONDS_PER_DAY} - number % ${periods} * ${seconds}, 'UTC'),
            'site', 'hall', ${seconds}, random % 60, random % 2000 / 1000, ${seconds}, random % 100, ${seconds}, random % 50, 80, 80 - random % 5, 1, 1,
            ${seconds} * 0.6, ${seconds} * 0.3, ${seconds} * 0.1, 1 + random % 100 / 100, ${seconds} + 1, now64(3, 'UTC')
          FROM numbers(${robots * periods})`,
        clickhouse_settings: { max_insert_threads: '2' },
      });
    }
  }
}
