import { createHash, randomBytes } from 'node:crypto';
import type { ClickHouseClient } from '@clickhouse/client';
import { RAW_RETENTION_MS } from '@floorwatch/contract';
import { onlyOnOneServer, refuseCluster } from '../clickhouse/refuse-cluster.ts';
import { selectRows } from '../clickhouse/select-rows.ts';
import { metaWithout } from './meta-without.ts';
import { isRobot, placeNeedle, type Needle } from './needle.ts';
import { recomputeRollUps } from './recompute-roll-ups.ts';
import { asText, search, textColumns, type Finding, type TextColumn } from './search.ts';
import { subjectName, type Subject } from './subject.ts';

export interface ErasedColumn {
  table: string;
  column: string;
  before: number;
  after: number;
}

export interface EraseReport {
  /** robot_id, or the path of the field. The value is not in the report. */
  field: string;
  dry_run: boolean;
  tables: ErasedColumn[];
  /** Rows that still have the value. */
  left: number;
  /** ClickHouse deletes the old files of changed tables by this time, ISO 8601. */
  files_deleted_by: string | null;
  /** Queries in system.query_log that name the value; ClickHouse deletes them after 7 days. */
  logged_queries: number;
}

const REFRESHED_VIEWS = [
  ...['telemetry_minute_mv', 'telemetry_hour_mv', 'floor_cells_mv', 'floor_cells_hour_mv', 'robot_states_mv'],
];
/** Last, because a repeated run finds in them the minutes to compute again. */
const ROLL_UPS = ['telemetry_hour', 'telemetry_minute'];
const DEFAULT_PARTS_LIFETIME_S = 480;

/**
 * Removes a robot's rows, or a value of `meta`, from every table, and then looks for it in every text column of every table.
 *
 * A field's value is removed from the events, which stay. Dead letters with the value are deleted: their bytes break a rule, so
 * nothing can be said about their structure. Every step can be repeated, so an interrupted run is completed by the same command.
 * ALTER … DELETE and UPDATE rewrite the files; a lightweight DELETE would only hide the rows.
 */
export async function erase(
  client: ClickHouseClient,
  subject: Subject,
  { isDryRun, say }: { isDryRun: boolean; say: (line: string) => void }
): Promise<EraseReport> {
  await refuseCluster(client, 'backup', onlyOnOneServer('erase'));
  const columns = await textColumns(client);
  const needle = await placeNeedle(client, subject);
  try {
    say('searching all tables');
    const before = await search(client, columns, needle);
    if (!isDryRun) {
      if (isRobot(subject)) await eraseRobot(client, columns, needle, say);
      else await eraseField(client, columns, subject, needle, say);
      await record(client, subject);
      say('searching all tables again');
    }
    const after = isDryRun ? before : await search(client, columns, needle);
    return {
      field: subjectName(subject),
      dry_run: isDryRun,
      tables: joined(before, after),
      left: isDryRun ? 0 : after.reduce((sum, { rows }) => sum + rows, 0),
      files_deleted_by: isDryRun || before.length === 0 ? null : await filesDeletedBy(client),
      logged_queries: await loggedQueries(client, needle),
    };
  } finally {
    await needle.drop();
  }
}

async function eraseRobot(
  client: ClickHouseClient,
  columns: readonly TextColumn[],
  needle: Needle,
  say: (line: string) => void
): Promise<void> {
  for (const [table, time] of [
    ['telemetry_raw', 'ts'],
    ['telemetry_minute', 'minute'],
  ] as const) {
    await client.command({
      query: `INSERT INTO ${needle.minutes} SELECT DISTINCT toStartOfMinute(r.${time}) FROM warehouse.${table} AS r
              WHERE has(${needle.values}, r.robot_id) AND r.${time} > now('UTC') - INTERVAL ${RAW_RETENTION_MS / 1000} SECOND`,
    });
  }
  const tables = [...new Set(columns.filter(({ column }) => column === 'robot_id').map(({ table }) => table))];
  const remove = async (table: string): Promise<void> => {
    say(`deleting from ${table}`);
    await mutate(client, table, `DELETE WHERE has(${needle.values}, robot_id)`);
  };
  await deleteDeadLetters(client, columns, needle, say);
  await remove('telemetry_raw');
  // A computation that has read the events stores its result before the rows of the robot are deleted. One that failed stores none.
  for (const view of REFRESHED_VIEWS)
    await client.command({ query: `SYSTEM WAIT VIEW warehouse.${view}` }).catch(() => undefined);
  for (const table of tables) if (table !== 'telemetry_raw' && !ROLL_UPS.includes(table)) await remove(table);
  await recomputeRollUps(client, needle.minutes, say);
  for (const table of ROLL_UPS) await remove(table);
}

async function eraseField(
  client: ClickHouseClient,
  columns: readonly TextColumn[],
  subject: Subject,
  needle: Needle,
  say: (line: string) => void
): Promise<void> {
  const [, ...keys] = subject.path;
  await deleteDeadLetters(client, columns, needle, say);
  for (const { table, column } of columns.filter((each) => each.column === 'meta')) {
    say(`removing the value from ${table}.${column}`);
    const without = metaWithout('meta', keys, needle.values);
    await mutate(client, table, `UPDATE meta = ${without} WHERE ${needle.isIn('meta')}`);
  }
  if (keys.join('.') !== 'firmware') return;
  // The column has a copy of meta.firmware.
  for (const { table } of columns.filter((each) => each.column === 'firmware')) {
    await mutate(client, table, `UPDATE firmware = NULL WHERE has(${needle.values}, ifNull(firmware, ''))`);
  }
}

async function deleteDeadLetters(
  client: ClickHouseClient,
  columns: readonly TextColumn[],
  needle: Needle,
  say: (line: string) => void
): Promise<void> {
  say('deleting dead letters and their repairs');
  const holds = (table: string, names: readonly string[]): string =>
    columns
      .filter((each) => each.table === table && names.includes(each.column))
      .map((each) => needle.isIn(asText(each).replaceAll('t.`', '`')))
      .join(' OR ');
  const ofLetter = holds('dead_letters', ['raw', 'key', 'detail']);
  const ofRepair = holds('dead_letter_repairs', ['payload']);
  const key = 'topic, partition, offset, part';
  // A repair has several rows, and only one of them has the bytes.
  await mutate(
    client,
    'dead_letter_repairs',
    `DELETE WHERE (${key}) IN (SELECT ${key} FROM warehouse.dead_letters WHERE ${ofLetter}
       UNION ALL SELECT ${key} FROM warehouse.dead_letter_repairs WHERE ${ofRepair})`
  );
  await mutate(client, 'dead_letters', `DELETE WHERE ${ofLetter}`);
}

async function mutate(client: ClickHouseClient, table: string, change: string): Promise<void> {
  await client.command({ query: `ALTER TABLE warehouse.\`${table}\` ${change} SETTINGS mutations_sync = 2` });
}

async function record(client: ClickHouseClient, subject: Subject): Promise<void> {
  const [known] = await selectRows<{ salt: string }>(client, 'SELECT any(e.salt) AS salt FROM warehouse.erasures AS e');
  const salt = known?.salt === undefined || known.salt === '' ? randomBytes(16).toString('hex') : known.salt;
  const values = subject.values.map((value) => ({
    ...{ field: subjectName(subject), salt },
    hash: createHash('sha256')
      .update(salt + value)
      .digest('hex'),
  }));
  await client.insert({ table: 'warehouse.erasures', values, format: 'JSONEachRow' });
}

function joined(before: readonly Finding[], after: readonly Finding[]): ErasedColumn[] {
  const report = new Map<string, ErasedColumn>();
  const at = ({ table, column }: Finding): ErasedColumn => {
    const name = `${table}.${column}`;
    const found = report.get(name) ?? { table, column, before: 0, after: 0 };
    report.set(name, found);
    return found;
  };
  for (const finding of before) at(finding).before = finding.rows;
  for (const finding of after) at(finding).after = finding.rows;
  return [...report.values()];
}

async function filesDeletedBy(client: ClickHouseClient): Promise<string> {
  const [row] = await selectRows<{ seconds: number }>(
    client,
    `SELECT toUInt32OrZero(value) AS seconds FROM system.merge_tree_settings WHERE name = 'old_parts_lifetime'`
  );
  return new Date(Date.now() + (row?.seconds ?? DEFAULT_PARTS_LIFETIME_S) * 1000).toISOString();
}

async function loggedQueries(client: ClickHouseClient, needle: Needle): Promise<number> {
  try {
    const [row] = await selectRows<{ queries: number }>(
      client,
      `SELECT count() AS queries FROM system.query_log AS t WHERE ${needle.isIn('t.query')}`
    );
    return row?.queries ?? 0;
  } catch {
    // The server has no query_log before its first query, or keeps none.
    return 0;
  }
}
