import type { ClickHouseClient } from '@clickhouse/client';
import type { Logger } from 'pino';
import { BinaryInsert } from '../clickhouse/binary-insert.ts';
import { isDataError } from '../clickhouse/data-error.ts';
import { insertFailureOf, NO_FAILURE } from '../clickhouse/insert-failure.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { DEAD_LETTER_COLUMNS } from '../rows/dead-letter-row.ts';
import type { RowBinaryWriter } from '../rows/row-binary-writer.ts';
import { TELEMETRY_COLUMNS } from '../rows/telemetry-row.ts';
import type { Batch } from './batch.ts';
import { untilDone } from './retry.ts';
import { deadLetterKey, earlierAttempts, eventKey, survivingRows, type StoredBefore } from './stored-before.ts';

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
}

const NOTHING: ReadonlySet<string> = new Set();

/** The dependencies of the sink, and its reports. */
export interface SinkHealth {
  /** Null while inserts succeed; otherwise why the last one failed. */
  failure: string | null;
}

/** Makes a batch durable: its rows, then its dead letters, each exactly once. */
export class BatchSink {
  readonly health: SinkHealth = { failure: null };
  readonly #stored: StoredBefore;
  readonly #metrics: Metrics;
  readonly #log: Logger;
  readonly #telemetry: BinaryInsert;
  readonly #deadLetters: BinaryInsert;

  constructor(
    client: ClickHouseClient,
    options: { timeoutMs: number; metrics: Metrics; log: Logger; stored?: StoredBefore }
  ) {
    this.#stored = options.stored ?? earlierAttempts(client);
    // A series from the start: an alert rule must be able to tell "no failure" from "not known".
    options.metrics.insertsFailing.set(NO_FAILURE, 0);
    this.#metrics = options.metrics;
    this.#log = options.log;
    this.#telemetry = new BinaryInsert(
      client,
      { name: 'telemetry_raw', columns: TELEMETRY_COLUMNS },
      options.timeoutMs
    );
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
      const stored = this.#mustCompare(attempt) ? await this.#stored.deadLetters(batch, signal) : NOTHING;
      const letters = survivingRows(batch.deadLetters, stored, deadLetterKey);
      await this.#insert(this.#deadLetters, 'dead_letters', letters, 0, letters.rows, token, signal);
    });
  }

  /** Inserts rows `from` to `to`. If ClickHouse rejects their values, it halves the range until only the invalid rows are left. */
  async #writeRows(batch: Batch, from: number, to: number, attempt: Attempt): Promise<void> {
    const { token, signal } = attempt;
    try {
      await this.#retried(batch, signal, async () => {
        const stored = this.#mustCompare(attempt) ? await this.#stored.events(batch, signal) : NOTHING;
        if (stored.size === 0) {
          await this.#insert(this.#telemetry, 'telemetry_raw', batch.rows, from, to, token, signal);
          return;
        }
        const missing = survivingRows(batch.rows.slice(from, to), stored, eventKey);
        await this.#insert(this.#telemetry, 'telemetry_raw', missing, 0, missing.rows, token, signal);
      });
    } catch (error) {
      if (!isDataError(error)) throw error;
      const source = batch.sources?.[from];
      if (!source) throw new RowsRejectedError(error.message);
      if (to - from === 1) {
        batch.reject('refused_by_clickhouse', error.message, source);
        return;
      }
      const middle = (from + to) >>> 1;
      await this.#writeRows(batch, from, middle, { ...attempt, token: `${token}:${from}-${middle}` });
      await this.#writeRows(batch, middle, to, { ...attempt, token: `${token}:${middle}-${to}` });
    }
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
    if (this.health.failure === null) return;
    this.health.failure = null;
    this.#metrics.insertsFailing.reset();
    this.#metrics.insertsFailing.set(NO_FAILURE, 0);
  }

  #retried(batch: Batch, signal: AbortSignal, attempt: () => Promise<void>): Promise<void> {
    return untilDone(attempt, {
      signal,
      isFinal: isDataError,
      onFailure: (err) => {
        this.#metrics.insertFailures.inc();
        this.health.failure = err.message;
        this.#metrics.insertsFailing.reset();
        this.#metrics.insertsFailing.set(insertFailureOf(err), 1);
        this.#log.warn({ err, ...batch.of, first: batch.first, last: batch.last }, 'insert failed; retrying');
      },
    });
  }
}
