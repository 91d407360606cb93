import type { ClickHouseClient } from '@clickhouse/client';
import { BackfillError } from './backfill-error.ts';
import { noteFinished, noteSwapped, readProgress, type FileProgress } from './backfill-state.ts';
import { feedViews } from './feed-views.ts';
import { fileDigest } from './file-lines.ts';
import { loadFile, type InputFile, type LoadTarget } from './load-file.ts';
import type { Month } from './month.ts';

export interface BackfillOptions {
  month: Month;
  files: readonly string[];
  /** Judge and count, change nothing. */
  isDryRun?: boolean;
  /** Go on although lines were rejected. */
  skipRejected?: boolean;
  /** Forget what an interrupted backfill of this month has loaded. */
  restart?: boolean;
  timeoutMs: number;
  say: (line: string) => void;
}

export interface BackfillReport extends FileProgress {
  /** Events of the month in the files, each once. */
  distinct: number;
  /** Of these, events that were stored before. */
  known: number;
}

const REJECTED_SHOWN = 20;

/**
 * Adds a month's events from files: into a staging table, checked, then all at once into the live one.
 *
 * ATTACH PARTITION FROM and not REPLACE PARTITION: replacing would lose what arrives between the copy and the swap, and a
 * month is never closed (late events and repairs are accepted for 90 days). Attaching is as atomic, takes the month's parts
 * by hard link, and adds: what is live stays, and an event that is in both is one row by its identity.
 * @throws BackfillError
 */
export async function backfill(client: ClickHouseClient, options: BackfillOptions): Promise<BackfillReport> {
  const { month, say } = options;
  const staging = `warehouse.telemetry_backfill_${month.partition}`;
  await refuseCluster(client);
  const files = await Promise.all(options.files.map(async (file) => ({ file, digest: await fileDigest(file) })));
  let before = await readProgress(client, month.partition);
  if (before.isSwapped && !options.isDryRun) {
    say('The month was swapped in before; the views follow from where they were interrupted.');
    await feed(client, options, staging, before.fedToMs);
    return { lines: 0, rows: 0, rejected: 0, outside: 0, distinct: 0, known: 0 };
  }
  if (options.isDryRun) return { ...(await load(client, options, files, null, new Map())), distinct: 0, known: 0 };
  if (options.restart) {
    await abandon(client, month, staging);
    before = await readProgress(client, month.partition);
  }
  const given = new Set(files.map(({ digest }) => digest));
  if ([...before.files.keys()].some((digest) => !given.has(digest))) {
    throw new BackfillError(
      'A backfill of this month from other files was interrupted. Name those files too, or add --restart to forget it.'
    );
  }
  await client.command({ query: `CREATE TABLE IF NOT EXISTS ${staging} AS warehouse.telemetry_raw` });
  const total = await load(client, options, files, staging, before.files);
  if (total.rejected > 0 && !options.skipRejected) {
    await abandon(client, month, staging);
    throw new BackfillError(
      `${total.rejected} lines were rejected and nothing was swapped in. Mend the files, or add --skip-rejected.`
    );
  }
  const { distinct, known } = await check(client, staging, month);
  say(`checked: ${distinct} distinct events in the month, ${known} of them stored before`);
  await client.command({
    query: `ALTER TABLE warehouse.telemetry_raw ATTACH PARTITION ${month.partition} FROM ${staging}`,
  });
  await noteSwapped(client, month.partition, 0);
  await feed(client, options, staging, 0);
  return { ...total, distinct, known };
}

async function load(
  client: ClickHouseClient,
  { month, timeoutMs, say }: BackfillOptions,
  files: readonly InputFile[],
  staging: string | null,
  done: ReadonlyMap<string, FileProgress>
): Promise<FileProgress> {
  let shown = 0;
  const target: LoadTarget = {
    ...{ client, month, staging, timeoutMs },
    onRejected: (where, reason, detail) => {
      if (shown++ < REJECTED_SHOWN) say(`${where}: ${reason}: ${detail}`);
    },
    onProgress: (file, { lines, rows, rejected, outside }) => {
      say(`${file}: ${lines} lines, ${rows} events, ${rejected} rejected, ${outside} of other months`);
    },
  };
  const total = { lines: 0, rows: 0, rejected: 0, outside: 0 };
  for (const file of files) {
    const progress = await loadFile(target, file, done);
    total.lines += progress.lines;
    total.rows += progress.rows;
    total.rejected += progress.rejected;
    total.outside += progress.outside;
  }
  return total;
}

/** Before the swap only: nothing of it is live. */
async function abandon(client: ClickHouseClient, month: Month, staging: string): Promise<void> {
  await client.command({ query: `DROP TABLE IF EXISTS ${staging} SYNC` });
  await noteFinished(client, month.partition);
}

/** @throws BackfillError when the staging table holds another month's rows, or none */
async function check(client: ClickHouseClient, staging: string, month: Month) {
  const result = await client.query({
    query: `SELECT toUInt32(uniqExact(s.robot_id, s.ts, s.event_id)) AS distinct, toUInt32(countIf(toYYYYMM(s.ts) != ${month.partition})) AS strangers,
        (SELECT toUInt32(uniqExact(r.robot_id, r.ts, r.event_id)) FROM warehouse.telemetry_raw AS r
         WHERE toYYYYMM(r.ts) = ${month.partition} AND (r.robot_id, r.ts, r.event_id) IN (SELECT robot_id, ts, event_id FROM ${staging})) AS known
      FROM ${staging} AS s`,
    format: 'JSONEachRow',
  });
  const [row] = await result.json<{ distinct: number; strangers: number; known: number }>();
  if (!row || row.distinct === 0)
    throw new BackfillError('The files hold no event of this month; nothing was changed.');
  if (row.strangers > 0) throw new BackfillError(`${staging} holds rows of other months; drop it and start again.`);
  return row;
}

async function feed(
  client: ClickHouseClient,
  { month, say }: BackfillOptions,
  staging: string,
  fromMs: number
): Promise<void> {
  await feedViews(client, staging, fromMs, async (fedToMs, hoursDone, hours) => {
    await noteSwapped(client, month.partition, fedToMs);
    say(`roll-ups: ${hoursDone} of ${hours} hours`);
  });
  await noteFinished(client, month.partition);
  await client.command({ query: `DROP TABLE IF EXISTS ${staging} SYNC` });
}

async function refuseCluster(client: ClickHouseClient): Promise<void> {
  const result = await client.query({
    query: `SELECT engine FROM system.tables WHERE database = 'warehouse' AND name = 'telemetry_raw'`,
    format: 'JSONEachRow',
  });
  const [table] = await result.json<{ engine: string }>();
  if (table?.engine !== 'Distributed') return;
  throw new BackfillError(
    'A partition is attached on one server: on a cluster, replay the files through Kafka instead.'
  );
}
