import type { ClickHouseClient } from '@clickhouse/client';
import { hasKeeper, localDatabase, onCluster, type Topology } from './topology.ts';

/** A unit that is applied and recorded: a numbered migration, or a view. */
export interface LedgerStep {
  /** 0 for a view, which is identified by its name. */
  version: number;
  /** The name of a view includes its database. */
  name: string;
  /** Empty when the view was dropped. */
  checksum: string;
}

/** The last entry of a step. */
export interface LedgerEntry extends LedgerStep {
  phase: 'started' | 'failed' | 'finished';
  /** Number of executed statements. */
  statements: number;
  at: string;
}

/** What was applied, when, by whom and how long it took. It is append-only. */
export class Ledger {
  private readonly client: ClickHouseClient;
  private readonly topology: Topology;
  private readonly table: string;

  constructor(client: ClickHouseClient, topology: Topology, database = localDatabase(topology)) {
    this.client = client;
    this.topology = topology;
    this.table = `${database}.schema_migrations`;
  }

  async create(): Promise<void> {
    const everywhere = onCluster(this.topology);
    // Every server of a cluster, in every shard, has a replica of the whole ledger, so the path is the same for all.
    const engine = hasKeeper(this.topology)
      ? `ReplicatedMergeTree('/clickhouse/floorwatch/schema_migrations', '{shard}-{replica}')`
      : 'MergeTree';
    for (const database of new Set(['warehouse', localDatabase(this.topology)])) {
      await this.client.command({ query: `CREATE DATABASE IF NOT EXISTS ${database}${everywhere}` });
    }
    await this.client.command({
      query: `CREATE TABLE IF NOT EXISTS ${this.table}${everywhere} (
        version UInt32, name String, checksum String, phase Enum8('started' = 1, 'failed' = 2, 'finished' = 3),
        statements UInt32 COMMENT 'done', duration_ms UInt64, error String,
        at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC'), applied_by String DEFAULT currentUser()
      ) ENGINE = ${engine} ORDER BY (version, at)
      COMMENT 'Which migrations were applied, when, in what time and by whom'`,
    });
  }

  async entries(): Promise<LedgerEntry[]> {
    const result = await this.client.query({
      query: `SELECT version, name, checksum, phase, statements, toString(l.at) AS at FROM ${this.table} AS l
              ORDER BY version, if(version = 0, name, '') AS view, l.at DESC, l.phase DESC LIMIT 1 BY version, view`,
      format: 'JSONEachRow',
      clickhouse_settings: { select_sequential_consistency: hasKeeper(this.topology) ? '1' : '0' },
    });
    return result.json<LedgerEntry>();
  }

  async record(
    step: LedgerStep,
    phase: LedgerEntry['phase'],
    progress: { statements: number; durationMs: number; error?: string }
  ): Promise<void> {
    await this.client.insert({
      table: this.table,
      columns: ['version', 'name', 'checksum', 'phase', 'statements', 'duration_ms', 'error'],
      format: 'JSONEachRow',
      values: [
        {
          version: step.version,
          name: step.name,
          checksum: step.checksum,
          phase,
          statements: progress.statements,
          duration_ms: Math.round(progress.durationMs),
          error: progress.error ?? '',
        },
      ],
    });
  }
}
