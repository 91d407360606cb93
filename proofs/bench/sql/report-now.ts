import type { ClickHouseClient } from '@clickhouse/client';

/** One robot in this many is silent, so that the drop-off view returns rows. */
export const ROBOTS_PER_SILENT_ONE = 100;
const MERGES_TIMEOUT_MS = 10 * 60_000;
const POLL_MS = 1_000;

/**
 * Adds a new event for every robot that is not silent. Filling takes longer than the limit for silence, and queries about
 * the current state cost less when the whole fleet is silent.
 */
export async function reportNow(client: ClickHouseClient, robots: number): Promise<void> {
  await client.command({
    query: `INSERT INTO telemetry_raw
      (event_id, robot_id, ts, event_type, x, y, theta, map_id, speed, battery, state, firmware, meta, source, topic, partition, offset)
      SELECT
        generateUUIDv4(number), concat('robot-', leftPad(toString(number), 5, '0')), now64(3, 'UTC'), 'POSITION_UPDATE',
        rand(1) % 100000 / 1000, rand(2) % 60000 / 1000, rand(3) % 6283 / 1000 - 3.141, 'hall', rand(4) % 2000 / 1000, rand(5) % 101,
        ['working', 'idle', 'charging', 'blocked'][1 + rand(6) % 4], 'v2.4.1', '{"firmware":"v2.4.1"}',
        'engine', 'robot.telemetry', number % 4, number
      FROM numbers(${robots}) WHERE number % ${ROBOTS_PER_SILENT_ONE} != ${ROBOTS_PER_SILENT_ONE - 1}`,
  });
}

/** Settles when no merge is running. A fill within minutes leaves hours of merges, which no reader would see. */
export async function waitForMerges(client: ClickHouseClient): Promise<void> {
  const deadlineMs = Date.now() + MERGES_TIMEOUT_MS;
  while (Date.now() < deadlineMs) {
    const result = await client.query({
      query: `SELECT 1 FROM system.merges WHERE database = 'warehouse'`,
      format: 'JSONEachRow',
    });
    if ((await result.json()).length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
