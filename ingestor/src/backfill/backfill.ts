import type { ClickHouseClient } from '@clickhouse/client';
import { refuseCluster } from '../clickhouse/refuse-cluster.ts';
import { CommandError } from '../errors/errors.ts';
import { noteFinished, noteSwapped, readProgress, type LoadCounts, type LoadProgress } from './backfill-state.ts';
import { checkStaging, type StagedEvents } from './check-staging.ts';
import type { EventSource } from './event-source.ts';
import { feedViews } from './feed-views.ts';
import { loadSource, type LoadTarget } from './load-source.ts';
import type { Month } from './month.ts';

const ON_CLUSTER =
  'A backfill works on a single server only, and this is a cluster: use `ingestor replay --file` or `ingestor replay --topic` instead.';

export interface BackfillOptions {
  month: Month;
  sources: readonly EventSource[];
  /** Validate and count; change nothing. */
  isDryRun?: boolean;
  /** Continue if events are invalid. */
  skipRejected?: boolean;
  /** Discard what an interrupted backfill of this month has loaded. */
  restart?: boolean;
  timeoutMs: number;
  say: (line: string) => void;
}

export type BackfillReport = LoadCounts & StagedEvents;

const REJECTED_SHOWN = 20;

/**
 * Adds a month's events from files or a topic. It loads them into a staging table, checks them, and then adds all of them
 * to the live table in one step.
 *
 * It uses ATTACH PARTITION FROM, not REPLACE PARTITION. Replacing would lose events that arrive between the copy and the swap,
 * and a month is never closed: late events and repairs are accepted for 90 days. Attaching is atomic too, and links the month's
 * parts instead of copying them. Live rows stay. An event that is in both tables becomes one row, because its identity is the same.
 * @throws CommandError
 */
export async function backfill(client: ClickHouseClient, options: BackfillOptions): Promise<BackfillReport> {
  const { month, sources, say } = options;
  const staging = `warehouse.telemetry_backfill_${month.partition}`;
  await refuseCluster(client, 'backfill', ON_CLUSTER);
  let before = await readProgress(client, month.partition);
  if (before.isSwapped && !options.isDryRun) {
    say('The month is already live; updating the views from where the last backfill stopped.');
    await feed(client, options, staging, before.fedToMs);
    return { messages: 0, rows: 0, rejected: 0, outside: 0, distinct: 0, known: 0 };
  }
  if (options.isDryRun) return { ...(await load(client, options, null, new Map())), distinct: 0, known: 0 };
  if (options.restart) {
    await abandon(client, month, staging);
    before = await readProgress(client, month.partition);
  }
  const given = new Set(sources.map(({ id }) => id));
  if ([...before.sources.keys()].some((id) => !given.has(id))) {
    throw new CommandError(
      'backfill',
      'A backfill of this month from other files or another topic was interrupted. Name those sources too, or discard it with --restart.'
    );
  }
  await client.command({ query: `CREATE TABLE IF NOT EXISTS ${staging} AS warehouse.telemetry_raw` });
  const total = await load(client, options, staging, before.sources);
  if (total.rejected > 0 && !options.skipRejected) {
    await abandon(client, month, staging);
    throw new CommandError(
      'backfill',
      `${total.rejected} events were rejected and nothing was swapped in. Correct them, or add --skip-rejected.`
    );
  }
  const { distinct, known } = await checkStaging(client, staging, month);
  say(`checked: ${distinct} distinct events in the month, ${known} of them already stored`);
  await client.command({
    query: `ALTER TABLE warehouse.telemetry_raw ATTACH PARTITION ${month.partition} FROM ${staging}`,
  });
  await noteSwapped(client, month.partition, 0);
  await feed(client, options, staging, 0);
  return { ...total, distinct, known };
}

async function load(
  client: ClickHouseClient,
  { month, sources, timeoutMs, say }: BackfillOptions,
  staging: string | null,
  done: ReadonlyMap<string, LoadProgress>
): Promise<LoadCounts> {
  let shown = 0;
  const target: LoadTarget = {
    ...{ client, month, staging, timeoutMs },
    onRejected: (where, reason, detail) => {
      if (shown++ < REJECTED_SHOWN) say(`${where}: ${reason}: ${detail}`);
    },
    onProgress: ({ label, end }, { next, messages, rows, rejected, outside }) => {
      const place = end === undefined ? '' : ` (offset ${next} of ${end})`;
      say(`${label}: ${messages} messages${place}, ${rows} events, ${rejected} rejected, ${outside} of other months`);
    },
  };
  const total = { messages: 0, rows: 0, rejected: 0, outside: 0 };
  for (const source of sources) {
    const progress = await loadSource(target, source, done.get(source.id));
    total.messages += progress.messages;
    total.rows += progress.rows;
    total.rejected += progress.rejected;
    total.outside += progress.outside;
  }
  return total;
}

/** Call it only before the swap, while no row of the staging table is live. */
async function abandon(client: ClickHouseClient, month: Month, staging: string): Promise<void> {
  await client.command({ query: `DROP TABLE IF EXISTS ${staging} SYNC` });
  await noteFinished(client, month.partition);
}

async function feed(
  client: ClickHouseClient,
  { month, say }: BackfillOptions,
  staging: string,
  fromMs: number
): Promise<void> {
  await feedViews(client, staging, fromMs, async (fedToMs, hoursDone, hours) => {
    await noteSwapped(client, month.partition, fedToMs);
    say(`views: ${hoursDone} of ${hours} hours`);
  });
  say('The roll-ups follow by themselves, the newest minutes first; v_roll_ups shows how many are left.');
  await noteFinished(client, month.partition);
  await client.command({ query: `DROP TABLE IF EXISTS ${staging} SYNC` });
}
