import { randomBytes } from 'node:crypto';
import type { ClickHouseClient } from '@clickhouse/client';
import { subjectName, type Subject } from './subject.ts';
import { valuePattern } from './value-pattern.ts';

/**
 * The values to erase, in a table on the server for the time of the command. Statements read them from there, so that the values are
 * not in the logs of queries, nor in the files of mutations, which ClickHouse keeps.
 */
export interface Needle {
  /** SQL expression of Array(String). */
  values: string;
  /** SQL condition: this text expression contains one of the values. */
  isIn(text: string): string;
  /** The minutes that are computed again. A table, so that 90 days fit. */
  minutes: string;
  drop(): Promise<void>;
}

export async function placeNeedle(client: ClickHouseClient, subject: Subject): Promise<Needle> {
  const table = `warehouse.erasing_${randomBytes(6).toString('hex')}`;
  const minutes = `${table}_minutes`;
  await client.command({ query: `CREATE TABLE ${table} (texts Array(String), pattern String) ENGINE = Memory` });
  await client.command({ query: `CREATE TABLE ${minutes} (minute DateTime('UTC')) ENGINE = Memory` });
  const key = subject.path.at(-1) ?? '';
  const pattern = subject.values.map((value) => valuePattern(key, value)).join('|');
  await client.insert({ table, values: [{ texts: subject.values, pattern }], format: 'JSONEachRow' });
  const values = `(SELECT any(n.texts) FROM ${table} AS n)`;
  return {
    values,
    minutes,
    // Bytes that are no text, such as Avro, have no boundaries of words.
    isIn: (text) =>
      `(match(${text}, (SELECT any(n.pattern) FROM ${table} AS n)) OR has(${values}, ${text})
        OR (NOT isValidUTF8(${text}) AND arrayExists(v -> position(${text}, v) > 0, ${values})))`,
    drop: async () => {
      for (const name of [table, minutes]) await client.command({ query: `DROP TABLE IF EXISTS ${name}` });
    },
  };
}

/** Whether the whole robot goes, or one value. */
export function isRobot(subject: Subject): boolean {
  return subjectName(subject) === 'robot_id';
}
