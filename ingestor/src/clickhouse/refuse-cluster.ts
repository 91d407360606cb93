import type { ClickHouseClient } from '@clickhouse/client';
import { CommandError, type CommandErrorCode } from '../errors/errors.ts';
import { selectRows } from './select-rows.ts';

/** The message for commands whose SQL for a cluster is in the documentation. */
export function onlyOnOneServer(command: string): string {
  return `\`ingestor ${command}\` works on a single server only, and this is a cluster: sql/README.md has the SQL for it.`;
}

/**
 * For commands that would leave out the other shards.
 * @throws CommandError on a cluster
 */
export async function refuseCluster(client: ClickHouseClient, code: CommandErrorCode, message: string): Promise<void> {
  const found = await selectRows(
    client,
    `SELECT 1 AS one FROM system.tables WHERE database = 'warehouse' AND name = 'telemetry_raw' AND engine = 'Distributed'`
  );
  if (found.length > 0) throw new CommandError(code, message);
}
