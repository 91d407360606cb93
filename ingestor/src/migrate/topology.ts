/** Where the schema is: on one server, or on every server of a ClickHouse cluster. */
export type Topology = { kind: 'single' } | Cluster;

export interface Cluster {
  kind: 'cluster';
  /** Its name in the servers' `remote_servers`. */
  cluster: string;
  /**
   * With ZooKeeper or Keeper: tables are replicated, and one run reaches every server (`ON CLUSTER`).
   * Without: each shard is one server, and the migrations run on each of them in turn.
   */
  keeper: boolean;
}

export const SINGLE: Topology = { kind: 'single' };

/** The database of a shard's own tables. On one server, readers use these tables directly. */
export function localDatabase(topology: Topology): string {
  return topology.kind === 'single' ? 'warehouse' : 'warehouse_local';
}

export function onCluster(topology: Topology): string {
  return hasKeeper(topology) ? ` ON CLUSTER '${topology.cluster}'` : '';
}

export function hasKeeper(topology: Topology): topology is Cluster {
  return topology.kind === 'cluster' && topology.keeper;
}

/**
 * Replaces a migration's placeholders, which are the only differences between one server and a cluster:
 * `{local}` the database of a shard's own tables, `{on_cluster}`, `{replicated}` the prefix of a MergeTree engine.
 */
export function render(sql: string, topology: Topology): string {
  return sql
    .replaceAll('{local}', localDatabase(topology))
    .replaceAll('{on_cluster}', onCluster(topology))
    .replaceAll('{replicated}', hasKeeper(topology) ? 'Replicated' : '');
}
