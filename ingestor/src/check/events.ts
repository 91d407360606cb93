import type { ClickHouseClient } from '@clickhouse/client';
import type { Config } from '../config/config.ts';
import { ok, type Finding } from './finding.ts';

/** On a first start, nothing is wrong and nothing is shown: says what brings the first event. */
export function eventsFinding(isAnyStored: boolean, topics: readonly string[]): Finding {
  if (isAnyStored) return ok('events', 'some are stored');
  return ok(
    'events',
    `none is stored yet: publish to ${topics.join(', ')} and run \`ingestor run\`; \`ingestor floorplan import\` adds the plan below the robots`
  );
}

/** Nothing if the user may not ask, or there is no schema: another finding says so. */
export async function eventsFindings(client: ClickHouseClient, { clickhouse, kafka }: Config): Promise<Finding[]> {
  try {
    const answer = await client.query({
      query: `SELECT 1 FROM ${clickhouse.database}.telemetry_raw LIMIT 1`,
      format: 'JSONEachRow',
    });
    const rows = await answer.json();
    return [eventsFinding(rows.length > 0, kafka.topics)];
  } catch {
    return [];
  }
}
