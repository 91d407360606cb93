import { setTimeout as sleep } from 'node:timers/promises';
import type { ClickHouseClient } from '@clickhouse/client';
import type { Row, Verdict, ViewCheck } from './compare/reading.ts';
import type { Ledger } from './fleet/ledger.ts';

/**
 * Robots of several partitions change at once, but are not stored at once: for a moment an answer can be between two
 * states of the fleet. A wrong view stays wrong.
 */
const ATTEMPTS = 6;
const BETWEEN_ATTEMPTS_MS = 700;
/** While nothing is sent, what the paths still hold may take this many readings, and floor cells wait for half a minute. */
const AT_REST_ATTEMPTS = 25;
const BETWEEN_AT_REST_ATTEMPTS_MS = 2_000;

/** Reads views and holds the answers against the ledger. */
export class Observer {
  readonly #reader: ClickHouseClient;
  readonly #ledger: Ledger;

  constructor(reader: ClickHouseClient, ledger: Ledger) {
    this.#reader = reader;
    this.#ledger = ledger;
  }

  async read(check: ViewCheck): Promise<Row[]> {
    return (await this.#reader.query({ query: check.query, format: 'JSONEachRow' })).json<Row>();
  }

  observe(check: ViewCheck): Promise<Verdict> {
    return this.#untilRight(check, false, ATTEMPTS, BETWEEN_ATTEMPTS_MS);
  }

  /** @param before what makes roll-ups current */
  async observeAtRest(check: ViewCheck, before?: () => Promise<void>): Promise<Verdict> {
    return this.#untilRight(check, true, AT_REST_ATTEMPTS, BETWEEN_AT_REST_ATTEMPTS_MS, before);
  }

  async #untilRight(
    check: ViewCheck,
    isAtRest: boolean,
    attempts: number,
    pauseMs: number,
    before: () => Promise<void> = () => Promise.resolve()
  ): Promise<Verdict> {
    for (let attempt = 1; ; attempt++) {
      const askedMs = Date.now();
      const rows = await this.read(check);
      const answeredMs = Date.now();
      await this.#ledger.recorded;
      const verdict = check.compare(rows, { askedMs, answeredMs, isAtRest });
      if (verdict.mismatches.length === 0 || attempt === attempts) return verdict;
      await sleep(pauseMs);
      await before();
    }
  }
}
