import { setTimeout as sleep } from 'node:timers/promises';
import type { ClickHouseClient } from '@clickhouse/client';
import { selectRows } from '../clickhouse/select-rows.ts';
import { CommandError } from '../errors/errors.ts';

/** A row of `system.backups`: a BACKUP or a RESTORE. */
interface Operation {
  status: string;
  error: string;
  files: number;
  bytes: number;
  bytes_read: number;
}

const POLL_MS = 250;
const SAY_EVERY_MS = 10_000;

/** What to do about an error, by ClickHouse's error name. */
const REMEDIES: Readonly<Record<string, string>> = {
  BACKUP_ALREADY_EXISTS: 'Give another --name.',
  BACKUP_NOT_FOUND: 'List the backups with `ingestor restore --list`.',
  INVALID_CONFIG_PARAMETER: 'Allow the disk in the server configuration, as sql/server/backups.example.xml does.',
  BAD_ARGUMENTS: 'Allow the disk in the server configuration, as sql/server/backups.example.xml does.',
  NOT_ENOUGH_SPACE: 'Free space, or give the disk more.',
};

/**
 * Starts a BACKUP or RESTORE on the server and waits for its end, however long it takes. No connection is held, so no time limit of
 * a proxy ends it. If this process stops, the server continues.
 * @returns bytes that a backup wrote, without its base
 * @throws CommandError with the server's error and what to do
 */
export async function runOnServer(
  client: ClickHouseClient,
  statement: string,
  say: (line: string) => void
): Promise<{ bytes: number; files: number }> {
  const [started] = await (
    await client.query({ query: `${statement} ASYNC`, format: 'JSONEachRow' })
  ).json<{ id: string }>();
  let saidAt = Date.now();
  for (;;) {
    const [operation] = await selectRows<Operation>(
      client,
      `SELECT toString(b.status) AS status, b.error AS error, b.num_files AS files, b.compressed_size AS bytes, b.bytes_read AS bytes_read
       FROM system.backups AS b WHERE b.id = {id:String}`,
      { id: started?.id ?? '' }
    );
    if (!operation) throw new CommandError('backup', 'ClickHouse restarted, and the operation is lost: run it again.');
    if (operation.status === 'BACKUP_CREATED' || operation.status === 'RESTORED') return operation;
    if (/FAILED|CANCELLED/.test(operation.status)) throw failure(operation.error);
    if (Date.now() - saidAt >= SAY_EVERY_MS) {
      saidAt = Date.now();
      say(`${operation.status}: ${operation.files} files, ${megabytes(operation.bytes || operation.bytes_read)} MB`);
    }
    await sleep(POLL_MS);
  }
}

/** The server's error without its stack trace. */
function failure(error: string): CommandError {
  const [text = ''] = error.split(', Stack trace');
  const name = /\(([A-Z_]+)\)\.?$/.exec(text.trim())?.[1] ?? '';
  const remedy = REMEDIES[name] ?? 'See the log of ClickHouse for details.';
  return new CommandError('backup', `ClickHouse: ${text.replace(/^Code: \d+\. DB::Exception: /, '')}. ${remedy}`);
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
