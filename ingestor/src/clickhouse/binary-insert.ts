import type { ClickHouseClient, ClickHouseSettings } from '@clickhouse/client';
import { NativeBlock } from '../rows/native/native-block.ts';
import { insertAndWait, WRITER_NAME } from './insert.ts';

export interface BinaryTable {
  name: string;
  columns: readonly (readonly [name: string, type: string])[];
}

/**
 * Settings with which ClickHouse recognises a repeated insert: one synchronous block, parsed in order by one thread, with a
 * deduplication token. The views of the table use the same token.
 */
const EXACTLY_ONCE: ClickHouseSettings = {
  async_insert: 0,
  insert_deduplicate: 1,
  deduplicate_blocks_in_dependent_materialized_views: 1,
  // A column of another type is an error; ClickHouse does not convert it.
  input_format_native_allow_types_conversion: 0,
  max_insert_threads: '1',
  max_insert_block_size: '2000000',
  distributed_foreground_insert: 1,
  // Merging the rows of a block costs a third of an insert, and the duplicate window has already removed duplicates.
  optimize_on_insert: 0,
};

/** Inserts rows (RowBinary) into one table as one block. Throws the client's error. */
export class BinaryInsert {
  readonly #client: ClickHouseClient;
  readonly #table: BinaryTable;
  readonly #query: string;
  readonly #maxSeconds: number;
  /** The block is reused. A concurrent insert uses its own block. */
  #spareBlock: NativeBlock | null;

  /** @param timeoutMs ClickHouse cancels the insert after this time, so that it is not still running when it is repeated */
  constructor(client: ClickHouseClient, table: BinaryTable, timeoutMs: number) {
    const names = table.columns.map(([name]) => `\`${name}\``).join(', ');
    this.#client = client;
    this.#spareBlock = new NativeBlock(table.columns);
    this.#table = table;
    this.#query = `INSERT INTO ${table.name} (${names}) FORMAT Native`;
    this.#maxSeconds = Math.ceil(timeoutMs / 1000);
  }

  async run(rows: Buffer, deduplicationToken: string, signal: AbortSignal): Promise<void> {
    const block = this.#spareBlock ?? new NativeBlock(this.#table.columns);
    this.#spareBlock = null;
    await insertAndWait(this.#client, {
      query: this.#query,
      values: block.encode(rows),
      abort_signal: signal,
      clickhouse_settings: {
        ...EXACTLY_ONCE,
        max_execution_time: this.#maxSeconds,
        insert_deduplication_token: deduplicationToken,
        log_comment: `${WRITER_NAME} ${deduplicationToken}`, // query_log then shows who inserted which offsets.
      },
    });
    // Not earlier: a failed insert may still be sending the block.
    block.clear();
    this.#spareBlock = block;
  }
}
