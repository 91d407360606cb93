import type { ClickHouseClient } from '@clickhouse/client';
import { localDatabase, onCluster, type Topology } from './topology.ts';

export type EnginePathChange = 'started' | 'stopped' | 'unchanged';

/**
 * Starts or stops ClickHouse's Kafka engine path. The Kafka table consumes only while a view reads it, so this view is the
 * switch. Offsets stay in the consumer group, so a later start continues from there.
 */
export async function switchEnginePath(
  client: ClickHouseClient,
  topology: Topology,
  wanted: boolean
): Promise<EnginePathChange> {
  const local = localDatabase(topology);
  const result = await client.query({
    query: `SELECT count() AS views FROM system.tables WHERE database = {database: String} AND name = 'telemetry_from_kafka'`,
    query_params: { database: local },
    format: 'JSONEachRow',
  });
  const [found] = await result.json<{ views: string }>();
  if (Number(found?.views) > 0 === wanted) return 'unchanged';
  if (!wanted) {
    await client.command({ query: `DROP VIEW IF EXISTS ${local}.telemetry_from_kafka${onCluster(topology)} SYNC` });
    return 'stopped';
  }
  await client.command({
    query: `CREATE MATERIALIZED VIEW IF NOT EXISTS ${local}.telemetry_from_kafka${onCluster(topology)}
      TO ${local}.telemetry_messages DEFINER = floorwatch_definer SQL SECURITY DEFINER AS
      SELECT payload, _key AS key, _topic AS topic, toInt32(_partition) AS partition, toInt64(_offset) AS offset
      FROM ${local}.telemetry_queue`,
  });
  return 'started';
}
