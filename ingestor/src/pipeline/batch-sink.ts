import { crc32 } from 'node:zlib';
import type { ClickHouseClient } from '@clickhouse/client';
import type { Logger } from 'pino';
import { BinaryInsert } from '../clickhouse/binary-insert.ts';
import { isDataError, isSizeError } from '../clickhouse/data-error.ts';
import { feedViewsAgain } from '../clickhouse/feed-views.ts';
import { insertFailureOf, NO_FAILURE, type InsertFailure } from '../clickhouse/insert-failure.ts';
import type { TopicPartition } from '../kafka/group-consumer.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { DEAD_LETTER_COLUMNS } from '../rows/dead-letter-row.ts';
import { SOURCE_INGESTOR } from '../rows/origin.ts';
import type { RowBinaryWriter } from '../rows/row-binary-writer.ts';
import { TELEMETRY_COLUMNS } from '../rows/telemetry-row.ts';
import type { Batch } from './batch.ts';
import { untilDone } from './retry.ts';
import {
  deadLetterKey,
  earlierAttempts,
  eventKey,
  keysOf,
  missingLetters,
  missingRows,
  offsetsOf,
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

/** An insert needs more memory or time than ClickHouse has, again and again. */
class TooLargeError extends Error {
  override name = 'TooLargeError';
}

/** After this many errors of ClickHouse, partitions continue although views may lack events. */
const FEED_ATTEMPTS = 5;

/** Each may be interrupted like the insert that it completes. */
const COMPLETIONS = 5;

/** After this many such failures in a row, it is split. */
const SIZE_FAILURES = 3;
/** Smaller inserts would not help: something else uses ClickHouse's memory. */
const MIN_SPLIT_ROWS = 1_000;

/** The rows of a batch for one table. */
interface Target {
  table: 'telemetry_raw' | 'dead_letters';
  insert: BinaryInsert;
  rows: RowBinaryWriter;
  keyOf: (row: Buffer) => string;
  /** Those of the rows `from` to `to` that are not stored. */
  missing: (from: number, to: number, stored: StoredBatch) => RowBinaryWriter;
}

/** The dependencies of the sink, and its reports. */
export interface SinkHealth {
  /** Null while inserts succeed; otherwise why one that has not succeeded since failed. Without ClickHouse's text, which quotes queries and values. */
  failure: InsertFailure | null;
}

/** Makes a batch durable: its rows, then its dead letters, each exactly once. */
export class BatchSink {
  readonly health: SinkHealth = { failure: null };
  /** Of each partition whose last attempt failed, why. Others that succeed do not end it. */
  readonly #failures = new Map<string, InsertFailure>();
  readonly #client: ClickHouseClient;
  readonly #stored: StoredBefore;
  /** ClickHouse cancels an insert after this time. */
  readonly timeoutMs: number;
  readonly #metrics: Metrics;
  readonly #log: Logger;
  readonly #telemetry: BinaryInsert;
  readonly #deadLetters: BinaryInsert;
  #rowLimit = Infinity;

  constructor(
    client: ClickHouseClient,
    options: { timeoutMs: number; metrics: Metrics; log: Logger; stored?: StoredBefore }
  ) {
    this.#client = client;
    this.#stored = options.stored ?? earlierAttempts(client, options.timeoutMs);
    this.timeoutMs = options.timeoutMs;
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

  /** New batches should have at most this many rows, because larger inserts have failed. */
  get rowLimit(): number {
    return this.#rowLimit;
  }

  /**
   * Resolves when the batch is durable, however long that takes. Throws `RowsRejectedError`, or the signal's reason.
   */
  async write(batch: Batch, attempt: Attempt): Promise<void> {
    try {
      await this.#write(batch, attempt);
    } catch (error) {
      this.#report(batch.of, null);
      throw error;
    }
  }

  async #write(batch: Batch, attempt: Attempt): Promise<void> {
    await this.#writeRows(batch, 0, batch.rows.rows, attempt);
    const letters: Target = {
      ...{ table: 'dead_letters', insert: this.#deadLetters, rows: batch.deadLetters, keyOf: deadLetterKey },
      missing: (from, to, stored) => missingLetters(batch, from, to, stored),
    };
    // There is no table for dead letters that ClickHouse rejects, so this waits until it accepts them.
    await this.#writeRange(letters, batch, 0, letters.rows.rows, attempt, () => false);
  }

  /**
   * Inserts rows `from` to `to`. If ClickHouse rejects their values, it halves the range until only the invalid rows are left.
   * Parts of a batch are always compared with storage: ClickHouse may have stored rows before it rejected them, because of a view or on
   * one of several shards, and it knows them by another token.
   */
  async #writeRows(batch: Batch, from: number, to: number, attempt: Attempt): Promise<void> {
    const { token } = attempt;
    const events: Target = {
      ...{ table: 'telemetry_raw', insert: this.#telemetry, rows: batch.rows, keyOf: eventKey },
      missing: (first, last, stored) => missingRows(batch, first, last, stored),
    };
    try {
      await this.#writeRange(events, batch, from, to, attempt, isDataError);
    } catch (error) {
      if (!isDataError(error)) throw error;
      const source = batch.sources?.[from];
      if (!source) throw new RowsRejectedError(error.message);
      const part = { ...attempt, mustCompare: () => true };
      if (to - from === 1) {
        if (!(await this.#isStored(events, batch, from, part)))
          batch.reject('refused_by_clickhouse', error.message, source);
        return;
      }
      await attempt.distrust();
      const middle = (from + to) >>> 1;
      await this.#writeRows(batch, from, middle, { ...part, token: `${token}:${from}-${middle}` });
      await this.#writeRows(batch, middle, to, { ...part, token: `${token}:${middle}-${to}` });
    }
  }

  /**
   * Inserts rows `from` to `to`, and retries. After several attempts for which ClickHouse had not enough memory or time, it inserts
   * two halves. The halves have other tokens than the whole, of which a part may be stored. So it splits only when the batch is
   * compared with storage, by every later attempt too.
   */
  async #writeRange(
    target: Target,
    batch: Batch,
    from: number,
    to: number,
    attempt: Attempt,
    isFinal: (error: unknown) => boolean
  ): Promise<void> {
    // Nothing to insert, so nothing to compare: the comparison reads all stored events of the batch. But if the batch contained
    // something else at first, events of it may be stored that the views lack.
    if (from === to && !(target.table === 'telemetry_raw' && batch.differs)) return;
    const { token, signal } = attempt;
    let failures = 0;
    // A batch with a claim was perhaps being inserted when its ingestor ended, and ClickHouse with it.
    let isRepeated = batch.claimedDigest !== null;
    const insert = async (): Promise<void> => {
      try {
        if (this.#mustCompare(attempt)) await this.#writeMissing(target, batch, from, to, attempt);
        else await this.#insert(target, target.rows, from, to, token, signal);
        if (isRepeated) await this.#complete(target, batch, from, to, attempt);
      } catch (error) {
        isRepeated = true;
        failures = isSizeError(error) ? failures + 1 : 0;
        if (target.table === 'dead_letters') this.#metrics.deadLetterInsertFailures.inc();
        if (failures < SIZE_FAILURES || to - from < 2 * MIN_SPLIT_ROWS) throw error;
        this.#rowLimit = Math.min(this.#rowLimit, Math.max(MIN_SPLIT_ROWS, (to - from) >>> 1));
        throw this.#mustCompare(attempt) ? new TooLargeError((error as Error).message) : error;
      }
    };
    try {
      await this.#retried(batch, signal, insert, (error) => error instanceof TooLargeError || isFinal(error));
    } catch (error) {
      if (!(error instanceof TooLargeError)) throw error;
      await attempt.distrust();
      const middle = (from + to) >>> 1;
      this.#metrics.splitInserts.inc();
      this.#log.warn(
        { ...batch.of, first: batch.first, last: batch.last, rows: to - from },
        'insert split into halves'
      );
      const half = (tokenEnd: string): Attempt => ({
        ...attempt,
        token: `${token}:${tokenEnd}`,
        mustCompare: () => true,
      });
      await this.#writeRange(target, batch, from, middle, half(`${from}-${middle}`), isFinal);
      await this.#writeRange(target, batch, middle, to, half(`${middle}-${to}`), isFinal);
    }
  }

  /** Inserts those of the rows that are not stored, and passes the others through the views again. */
  async #writeMissing(
    target: Target,
    batch: Batch,
    from: number,
    to: number,
    { token, signal }: Attempt
  ): Promise<void> {
    const [events, letters] = await Promise.all([
      this.#stored.events(batch, signal),
      this.#stored.deadLetters(batch, signal),
    ]);
    if (events.size === 0 && letters.size === 0 && !batch.differs) {
      await this.#insert(target, target.rows, from, to, token, signal);
      return;
    }
    const missing = target.missing(from, to, { events, letters });
    const isSame = missing.rows === to - from && !batch.differs;
    const own = isSame ? token : tokenOf(token, missing, target.keyOf);
    await this.#insert(target, missing, 0, missing.rows, own, signal);
    // Where every batch is compared, its events were usually stored long ago, and the views have them.
    if (target.table === 'telemetry_raw' && events.size > 0 && !this.#stored.isAlwaysAsked)
      await this.#stored.feedViews(batch, offsetsOf(batch, from, to), signal);
  }

  /**
   * Inserts what of the rows ClickHouse has confirmed and does not have. MergeTree writes the token of an insert to its deduplication log
   * before the part has its final name. A server that is killed in between knows the token, drops the repeated insert, and has no such part:
   * of the events, or of a view. So after a repetition, storage is asked, and the views get the events again.
   */
  async #complete(target: Target, batch: Batch, from: number, to: number, { token, signal }: Attempt): Promise<void> {
    if (await this.#stored.isTokenLoggedFirst(target.table, signal)) {
      for (let round = 1; ; round++) {
        const [events, letters] = await Promise.all([
          this.#stored.anyEvents(batch, signal),
          this.#stored.anyDeadLetters(batch, signal),
        ]);
        const missing = target.missing(from, to, { events, letters });
        if (missing.rows === 0) break;
        // The repetition is confirmed, so no earlier insert of these rows can still be running.
        if (round > COMPLETIONS) throw new Error(`ClickHouse confirms ${missing.rows} rows that it does not have`);
        const { of, first, last } = batch;
        const place = { ...of, first, last, table: target.table, rows: missing.rows };
        this.#log.warn(
          place,
          'ClickHouse was killed during an insert and does not have rows that it confirmed; inserting them again'
        );
        this.#metrics.completedRows.inc({ table: target.table }, missing.rows);
        const own = tokenOf(`${token}:again-${round}`, missing, target.keyOf);
        await this.#insert(target, missing, 0, missing.rows, own, signal);
      }
    }
    if (target.table === 'telemetry_raw') await this.#stored.feedViews(batch, offsetsOf(batch, from, to), signal);
  }

  /** A view may have rejected a row that is stored. The views of the pipeline then get it. */
  async #isStored(target: Target, batch: Batch, row: number, attempt: Attempt): Promise<boolean> {
    let isStored = false;
    const ask = async (): Promise<void> => {
      const events = await this.#stored.events(batch, attempt.signal);
      isStored = events.has(target.keyOf(target.rows.rowBytes(row, row + 1)));
      if (isStored) await this.#writeMissing(target, batch, row, row + 1, attempt);
    };
    await this.#retried(batch, attempt.signal, ask, isDataError);
    return isStored;
  }

  #mustCompare({ mustCompare }: Attempt): boolean {
    return this.#stored.isAlwaysAsked || mustCompare();
  }

  async #insert(
    { insert, table }: Pick<Target, 'insert' | 'table'>,
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
    // Batches of the present limit succeed, so try larger ones.
    if (to - from >= this.#rowLimit) this.#rowLimit *= 2;
  }

  /** The last attempt of the partition failed, or with null: it succeeded, or was given up here. */
  #report({ topic, partition }: TopicPartition, failure: InsertFailure | null): void {
    const key = `${topic}/${partition}`;
    if (failure === null && !this.#failures.has(key)) return;
    this.#failures.delete(key);
    if (failure !== null) this.#failures.set(key, failure);
    this.health.failure = [...this.#failures.values()].at(-1) ?? null;
    this.#metrics.insertsFailing.reset();
    for (const each of this.#failures.values()) this.#metrics.insertsFailing.set(each, 1);
    if (this.health.failure === null) this.#metrics.insertsFailing.set(NO_FAILURE, 0);
  }

  /**
   * Passes the events of the partition that were stored last through the views again. Waits for ClickHouse without a limit. If it
   * responds with an error again and again, the stream must go on, so this logs what to do and resolves. Throws the signal's reason.
   *
   * Without its checkpoint, nobody knows which batch was claimed last, and its messages may be gone from Kafka. Its insert may have ended
   * after the events were stored, and before the views had them.
   */
  async feedNewest(of: TopicPartition, newestMs: number, signal: AbortSignal): Promise<void> {
    const range = { of, source: SOURCE_INGESTOR, first: 0, last: Number.MAX_SAFE_INTEGER, newestMs };
    let errors = 0;
    const feed = async (): Promise<void> => {
      try {
        await feedViewsAgain(this.#client, { ...range, times: null }, this.timeoutMs, signal);
      } catch (error) {
        if (insertFailureOf(error as Error).reason !== 'unreachable') errors++;
        throw error;
      }
    };
    try {
      const failed = 'newest events could not pass through the views again';
      await this.#retried(range, signal, feed, () => errors >= FEED_ATTEMPTS, failed);
    } catch (err) {
      this.#report(of, null);
      signal.throwIfAborted();
      const remedy = 'insert the offsets of the last minutes into stored_ranges, as sql/README.md shows';
      this.#log.error({ err, ...of, remedy }, 'views may lack the newest events that were stored of the partition');
    }
  }

  /** Only a whole attempt that succeeds ends its failure: in one that fails later, an insert can have succeeded. */
  async #retried(
    batch: Pick<Batch, 'of' | 'first' | 'last'>,
    signal: AbortSignal,
    attempt: () => Promise<void>,
    isFinal: (error: unknown) => boolean,
    failed = 'insert failed'
  ): Promise<void> {
    const onFailure = (err: Error): void => {
      this.#metrics.insertFailures.inc();
      this.#report(batch.of, insertFailureOf(err));
      this.#log.warn({ err, ...batch.of, first: batch.first, last: batch.last }, `${failed}; retrying`);
    };
    await untilDone(attempt, { signal, isFinal, onFailure });
    this.#report(batch.of, null);
  }
}

/**
 * The token of some rows of a batch, the same in every process. The same rows as in the first attempt have the batch's token, because
 * their insert may still be running. For other rows, ClickHouse would drop them if it remembers the first attempt.
 */
function tokenOf(token: string, rows: RowBinaryWriter, keyOf: (row: Buffer) => string): string {
  return `${token}:missing-${crc32(keysOf(rows, keyOf).join()).toString(16)}`;
}
