/** Where the schema lives: on one server, or on every server of a ClickHouse cluster of shards and replicas. */
export type Topology = { kind: 'single' } | { kind: 'cluster'; cluster: string };

export const SINGLE: Topology = { kind: 'single' };

/** Holds a shard's own tables; on one server they are the tables that everyone reads. */
export function localDatabase(topology: Topology): string {
  return topology.kind === 'single' ? 'warehouse' : 'warehouse_local';
}

export function onCluster(topology: Topology): string {
  return topology.kind === 'single' ? '' : ` ON CLUSTER '${topology.cluster}'`;
}

/**
 * Fills a migration's placeholders. They are all that may differ between one server and a cluster:
 * `{local}` the database of a shard's own tables, `{on_cluster}`, `{replicated}` the prefix of a MergeTree engine,
 * `{cluster}` the cluster's name.
 */
export function render(sql: string, topology: Topology): string {
  return sql
    .replaceAll('{local}', localDatabase(topology))
    .replaceAll('{on_cluster}', onCluster(topology))
    .replaceAll('{replicated}', topology.kind === 'single' ? '' : 'Replicated')
    .replaceAll('{cluster}', topology.kind === 'single' ? '' : topology.cluster);
}
