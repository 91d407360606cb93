import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { ClickHouseError, type ClickHouseClient } from '@clickhouse/client';
import type { Config } from '../config/config.ts';
import { DEAD_LETTER_COLUMNS } from '../rows/dead-letter-row.ts';
import { RowBinaryWriter } from '../rows/row-binary-writer.ts';
import { TELEMETRY_COLUMNS } from '../rows/telemetry-row.ts';
import { failed, messageOf, ok, type Finding } from './finding.ts';

const WRITTEN = [
  { name: 'telemetry_raw', columns: TELEMETRY_COLUMNS },
  { name: 'dead_letters', columns: DEAD_LETTER_COLUMNS },
] as const;

/** An insert without rows checks the rights, the columns and their types, and changes nothing. */
export async function insertFindings(client: ClickHouseClient, { clickhouse }: Config): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { name, columns } of WRITTEN) {
    const table = `${clickhouse.database}.${name}`;
    const names = columns.map(([column]) => `\`${column}\``).join(', ');
    try {
      const { stream } = await client.exec({
        query: `INSERT INTO ${table} (${names}) FORMAT RowBinaryWithNamesAndTypes`,
        values: Readable.from([header(columns)], { objectMode: false }),
      });
      await text(stream);
      findings.push(ok(`insert into ${name}`, 'accepted (no rows were written)'));
    } catch (error) {
      const remedy =
        error instanceof ClickHouseError && error.type === 'ACCESS_DENIED'
          ? `GRANT INSERT ON ${table} TO ${clickhouse.user}.`
          : 'Run `ingestor migrate` as floorwatch_owner, with the version of the ingestor that you want to run.';
      findings.push(failed(`insert into ${name}`, messageOf(error), remedy));
    }
  }
  return findings;
}

/** RowBinaryWithNamesAndTypes without a row. */
function header(columns: readonly (readonly [name: string, type: string])[]): Buffer {
  const writer = new RowBinaryWriter(1_024);
  writer.varint(columns.length);
  for (const [name] of columns) writer.string(name);
  for (const [, type] of columns) writer.string(type);
  return writer.bytes();
}
