import type { ClickHouseClient } from '@clickhouse/client';
import { BinaryInsert } from '../clickhouse/binary-insert.ts';
import { RowBinaryWriter } from '../rows/row-binary-writer.ts';
import { formatDeadLetterId, type DeadLetterId } from './dead-letter-key.ts';

/** The payload that repairs a dead letter, and the progress of the repair. */
export interface Claim {
  payload: Buffer;
  /** The clock of its validation, milliseconds since the epoch. */
  validatedAtMs: number;
  /** When its events were stored in `telemetry_raw`; null if they may be missing. */
  storedAt: string | null;
}

const CLAIMED = 1;
const STORED = 2;
const COLUMNS = [
  ['topic', 'LowCardinality(String)'],
  ['partition', 'Int32'],
  ['offset', 'Int64'],
  ['part', 'UInt32'],
  ['content', 'UInt64'],
  ['phase', "Enum8('claimed' = 1, 'stored' = 2)"],
  ['payload', 'String'],
  ['judged_at', "DateTime64(3, 'UTC')"],
] as const;
const NOTHING = Buffer.alloc(0);

/**
 * `dead_letter_repairs`: who repaired what, with which bytes.
 * Invariant: of several claims of one dead letter only the first is stored, because they have the same deduplication token.
 */
export class RepairLog {
  readonly #client: ClickHouseClient;
  readonly #insert: BinaryInsert;

  constructor(client: ClickHouseClient, timeoutMs: number) {
    this.#client = client;
    this.#insert = new BinaryInsert(client, { name: 'dead_letter_repairs', columns: COLUMNS }, timeoutMs);
  }

  /** By `formatDeadLetterId`. */
  async claims(keys: readonly DeadLetterId[]): Promise<Map<string, Claim>> {
    const result = await this.#client.query({
      query: `SELECT concat(r.topic, '/', toString(r.partition), '/', toString(r.offset), '/', toString(r.part), '/', toString(r.content)) AS key,
          base64Encode(argMinIf(r.payload, r.at, r.phase = 'claimed')) AS payload,
          toUnixTimestamp64Milli(argMinIf(r.judged_at, r.at, r.phase = 'claimed')) AS judged_at_ms,
          if(countIf(r.phase = 'stored') = 0, NULL, formatDateTime(minIf(r.at, r.phase = 'stored'), '%FT%H:%i:%SZ')) AS stored_at
        FROM dead_letter_repairs AS r
        WHERE (r.topic, r.partition, r.offset, r.part, r.content) IN
          arrayZip({topics:Array(String)}, {partitions:Array(Int32)}, {offsets:Array(Int64)}, {parts:Array(UInt32)}, arrayMap(c -> toUInt64(c), {contents:Array(String)}))
        GROUP BY key`,
      query_params: {
        topics: keys.map(({ topic }) => topic),
        partitions: keys.map(({ partition }) => partition),
        offsets: keys.map(({ offset }) => offset),
        parts: keys.map(({ part }) => part),
        contents: keys.map(({ content }) => content),
      },
      format: 'JSONEachRow',
    });
    const rows = await result.json<{ key: string; payload: string; judged_at_ms: string; stored_at: string | null }>();
    return new Map(
      rows.map(({ key, payload, judged_at_ms, stored_at }) => [
        key,
        { payload: Buffer.from(payload, 'base64'), validatedAtMs: Number(judged_at_ms), storedAt: stored_at },
      ])
    );
  }

  /** Has no effect if another process has claimed it first. `claims` returns the payload of the first claim. */
  async claim(key: DeadLetterId, payload: Buffer, validatedAtMs: number): Promise<void> {
    const rows = new RowBinaryWriter(1_024);
    writeRow(rows, key, CLAIMED, payload, validatedAtMs);
    await this.#run(rows, `claim:${formatDeadLetterId(key)}`);
  }

  async markStored(keys: readonly DeadLetterId[], token: string): Promise<void> {
    const rows = new RowBinaryWriter(1_024);
    for (const key of keys) writeRow(rows, key, STORED, NOTHING, Date.now());
    await this.#run(rows, `stored:${token}`);
  }

  #run(rows: RowBinaryWriter, token: string): Promise<void> {
    return this.#insert.run(rows.bytes(), token, new AbortController().signal);
  }
}

function writeRow(
  rows: RowBinaryWriter,
  key: DeadLetterId,
  phase: number,
  payload: Buffer,
  validatedAtMs: number
): void {
  rows.beginRow();
  rows.string(key.topic);
  rows.int32(key.partition);
  rows.int64(key.offset);
  rows.uint32(key.part);
  const content = Buffer.alloc(8);
  content.writeBigUInt64LE(BigInt(key.content));
  rows.raw(content);
  rows.uint8(phase);
  rows.binary(payload);
  rows.int64(validatedAtMs);
}
