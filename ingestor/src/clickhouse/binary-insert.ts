import type { ClickHouseClient, ClickHouseSettings } from '@clickhouse/client';
import { NativeBlock } from '../rows/native/native-block.ts';
import { insertAndWait, WRITER_NAME } from './insert.ts';

export interface BinaryTable {
  name: string;
  columns: readonly (readonly [name: string, type: string])[];
}

/**
 * What makes a repeated insert the same insert: one synchronous block, parsed in order by one thread, named by its token,
 * and the views behind the table drop it by the same token.
 */
const EXACTLY_ONCE: ClickHouseSettings = {
  async_insert: 0,
  insert_deduplicate: 1,
  deduplicate_blocks_in_dependent_materialized_views: 1,
  // A column of another type is refused, not converted.
  input_format_native_allow_types_conversion: 0,
  max_insert_threads: '1',
  max_insert_block_size: '2000000',
  distributed_foreground_insert: 1,
  // Merging a block with itself costs a third of an insert, and all it could remove the duplicate window has removed.
  optimize_on_insert: 0,
};

/** Inserts rows (RowBinary) of one table as one block. Throws the client's error. */
export class BinaryInsert {
  readonly #client: ClickHouseClient;
  readonly #table: BinaryTable;
  readonly #query: string;
  readonly #maxSeconds: number;
  /** Its memory is used again; a second insert at the same time has one of its own. */
  #spareBlock: NativeBlock | null;

  /** @param timeoutMs ClickHouse gives the insert up after this, so that none is still running when it is repeated */
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
        log_comment: `${WRITER_NAME} ${deduplicationToken}`, // Tells in query_log who inserted which offsets.
      },
    });
    // Only now: an insert that failed may still be sending it.
    block.clear();
    this.#spareBlock = block;
  }
}
