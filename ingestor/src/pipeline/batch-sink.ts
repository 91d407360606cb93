import { crc32 } from 'node:zlib';
import type { ClickHouseClient } from '@clickhouse/client';
import type { Logger } from 'pino';
import { BinaryInsert } from '../clickhouse/binary-insert.ts';
import { isDataError } from '../clickhouse/data-error.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { DEAD_LETTER_COLUMNS } from '../rows/dead-letter-row.ts';
import type { RowBinaryWriter } from '../rows/row-binary-writer.ts';
import { TELEMETRY_COLUMNS } from '../rows/telemetry-row.ts';
import type { Batch } from './batch.ts';
import { untilDone } from './retry.ts';
import {
  deadLetterKey,
  earlierAttempts,
  eventKey,
  keysOf,
  knownRows,
  missingLetters,
  missingRows,
  type StoredBatch,
  type StoredBefore,
} from './stored-before.ts';

/** ClickHouse rejected rows for their values, and the batch did not keep their bytes. Rebuild it with `keepSources`. */
export class RowsRejectedError extends Error {
  override name = 'RowsRejectedError';
}

/** How to store a batch. */
export interface Attempt {
  /** The deduplication token: the same batch has the same token. */
  token: string;
  /** Ends the attempts. */
  signal: AbortSignal;
  /** Called before each insert: must the batch be compared with storage? */
  mustCompare: () => boolean;
  /** Makes durable that from now on, the batch's token alone does not show what of the batch is stored. */
  distrust: () => Promise<void>;
}

/** The dependencies of the sink, and its reports. */
export interface SinkHealth {
  /** Null while inserts succeed; otherwise why the last one failed. */
  failure: string | null;
}

/** Makes a batch durable: its rows, then its dead letters, each exactly once. */
export class BatchSink {
  readonly health: SinkHealth = { failure: null };
  readonly #stored: StoredBefore;
  /** ClickHouse cancels an insert after this time. */
  readonly timeoutMs: number;
  readonly #metrics: Metrics;
  readonly #log: Logger;
  readonly #telemetry: BinaryInsert;
  /** Where stored events pass through the views again. */
  readonly #views: BinaryInsert;
  readonly #deadLetters: BinaryInsert;

  constructor(
    client: ClickHouseClient,
    options: { timeoutMs: number; metrics: Metrics; log: Logger; stored?: StoredBefore }
  ) {
    this.#stored = options.stored ?? earlierAttempts(client);
    this.timeoutMs = options.timeoutMs;
    this.#metrics = options.metrics;
    this.#log = options.log;
    this.#telemetry = new BinaryInsert(
      client,
      { name: 'telemetry_raw', columns: TELEMETRY_COLUMNS },
      options.timeoutMs
    );
    this.#views = new BinaryInsert(client, { name: 'telemetry_stored', columns: TELEMETRY_COLUMNS }, options.timeoutMs);
    this.#deadLetters = new BinaryInsert(
      client,
      { name: 'dead_letters', columns: DEAD_LETTER_COLUMNS },
      options.timeoutMs
    );
  }

  /**
   * Resolves when the batch is durable, however long that takes. Throws `RowsRejectedError`, or the signal's reason.
   */
  async write(batch: Batch, attempt: Attempt): Promise<void> {
    await this.#writeRows(batch, 0, batch.rows.rows, attempt);
    if (batch.deadLetters.rows === 0) return;
    const { token, signal } = attempt;
    await this.#retried(batch, signal, async () => {
      const isCompared = this.#mustCompare(attempt);
      const letters = isCompared ? missingLetters(batch, await this.#storedOf(batch, signal)) : batch.deadLetters;
      const isSame = letters.rows === batch.deadLetters.rows && !batch.differs;
      const own = isSame ? token : tokenOf(token, letters, deadLetterKey);
      await this.#insert(this.#deadLetters, 'dead_letters', letters, 0, letters.rows, own, signal);
    });
  }

  /**
   * Inserts rows `from` to `to`. If ClickHouse rejects their values, it halves the range until only the invalid rows are left.
   * Parts of a batch are always compared with storage: ClickHouse may have stored rows before it rejected them, because of a view or on
   * one of several shards, and it knows them by another token.
   */
  async #writeRows(batch: Batch, from: number, to: number, attempt: Attempt): Promise<void> {
    const { token, signal } = attempt;
    try {
      await this.#retried(batch, signal, async () => {
        if (this.#mustCompare(attempt)) await this.#writeMissing(batch, from, to, attempt);
        else await this.#insert(this.#telemetry, 'telemetry_raw', batch.rows, from, to, token, signal);
      });
    } catch (error) {
      if (!isDataError(error)) throw error;
      const source = batch.sources?.[from];
      if (!source) throw new RowsRejectedError(error.message);
      const part = { ...attempt, mustCompare: () => true };
      if (to - from === 1) {
        if (!(await this.#isStored(batch, from, part))) batch.reject('refused_by_clickhouse', error.message, source);
        return;
      }
      await attempt.distrust();
      const middle = (from + to) >>> 1;
      await this.#writeRows(batch, from, middle, { ...part, token: `${token}:${from}-${middle}` });
      await this.#writeRows(batch, middle, to, { ...part, token: `${token}:${middle}-${to}` });
    }
  }

  /** Inserts those of the rows that are not stored, and passes the others through the views again. */
  async #writeMissing(batch: Batch, from: number, to: number, { token, signal }: Attempt): Promise<void> {
    const stored = await this.#storedOf(batch, signal);
    const missing = missingRows(batch, from, to, stored);
    const isSame = missing.rows === to - from && !batch.differs;
    const own = isSame ? token : tokenOf(token, missing, eventKey);
    await this.#insert(this.#telemetry, 'telemetry_raw', missing, 0, missing.rows, own, signal);
    if (missing.rows === to - from || !this.#stored.feedsViews) return;
    const known = knownRows(batch, from, to, stored);
    await this.#insert(this.#views, 'telemetry_stored', known, 0, known.rows, `${token}:views`, signal);
  }

  /** A view may have rejected a row that is stored. The views of the pipeline then get it. */
  async #isStored(batch: Batch, row: number, attempt: Attempt): Promise<boolean> {
    let isStored = false;
    await this.#retried(batch, attempt.signal, async () => {
      const stored = await this.#storedOf(batch, attempt.signal);
      isStored = knownRows(batch, row, row + 1, stored).rows > 0;
      if (isStored) await this.#writeMissing(batch, row, row + 1, attempt);
    });
    return isStored;
  }

  async #storedOf(batch: Batch, signal: AbortSignal): Promise<StoredBatch> {
    const [events, letters] = await Promise.all([
      this.#stored.events(batch, signal),
      this.#stored.deadLetters(batch, signal),
    ]);
    return { events, letters };
  }

  #mustCompare({ mustCompare }: Attempt): boolean {
    return this.#stored.isAlwaysAsked || mustCompare();
  }

  async #insert(
    insert: BinaryInsert,
    table: string,
    rows: RowBinaryWriter,
    from: number,
    to: number,
    token: string,
    signal: AbortSignal
  ): Promise<void> {
    if (from === to) return;
    const stop = this.#metrics.insertSeconds.startTimer();
    await insert.run(rows.rowBytes(from, to), token, signal);
    stop();
    this.#metrics.insertBatches.inc();
    this.#metrics.insertedRows.inc({ table }, to - from);
    this.health.failure = null;
  }

  #retried(batch: Batch, signal: AbortSignal, attempt: () => Promise<void>): Promise<void> {
    return untilDone(attempt, {
      signal,
      isFinal: isDataError,
      onFailure: (err) => {
        this.#metrics.insertFailures.inc();
        this.health.failure = err.message;
        this.#log.warn({ err, ...batch.of, first: batch.first, last: batch.last }, 'insert failed; retrying');
      },
    });
  }
}

/**
 * The token of some rows of a batch, the same in every process. The same rows as in the first attempt have the batch's token, because
 * their insert may still be running. For other rows, ClickHouse would drop them if it remembers the first attempt.
 */
function tokenOf(token: string, rows: RowBinaryWriter, keyOf: (row: Buffer) => string): string {
  return `${token}:missing-${crc32(keysOf(rows, keyOf).join()).toString(16)}`;
}
