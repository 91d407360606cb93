import type { ClickHouseClient } from '@clickhouse/client';
import type { Logger } from 'pino';
import type { Metrics } from '../metrics/metrics.ts';

/** How far this consumer group has stored one partition. */
export interface OffsetSample {
  topic: string;
  partition: number;
  /** Taken before the end was asked for: all that was produced until then lies below `endOffset`. Milliseconds since the epoch. */
  sampledAtMs: number;
  /** Offset that the next message of the partition gets. */
  endOffset: number;
  /** Offset of the first message that is not stored yet. */
  committedOffset: number;
}

interface OffsetReporterOptions {
  database: string;
  metrics: Metrics;
  log: Logger;
}

/**
 * Writes to ClickHouse how far path B has stored each partition, so that its views can tell a silent robot from a path
 * that lags. Never waits and never throws: measuring lag must go on while ClickHouse is away.
 */
export class OffsetReporter {
  readonly #client: ClickHouseClient;
  readonly #options: OffsetReporterOptions;
  #isInserting = false;

  constructor(client: ClickHouseClient, options: OffsetReporterOptions) {
    this.#client = client;
    this.#options = options;
  }

  /** Samples are dropped while an earlier insert is under way: the next ones say more. */
  report(samples: readonly OffsetSample[]): void {
    if (this.#isInserting || samples.length === 0) return;
    this.#isInserting = true;
    void this.#insert(samples).finally(() => (this.#isInserting = false));
  }

  async #insert(samples: readonly OffsetSample[]): Promise<void> {
    const { database, metrics, log } = this.#options;
    try {
      await this.#client.insert({
        table: `${database}.path_offsets`,
        format: 'JSONEachRow',
        values: samples.map(({ topic, partition, sampledAtMs, endOffset, committedOffset }) => ({
          ...{ path: 'ingestor', topic, partition },
          sampled_at: (sampledAtMs / 1000).toFixed(3),
          ...{ end_offset: endOffset, committed_offset: committedOffset },
        })),
      });
    } catch (err) {
      metrics.offsetReportFailures.inc();
      log.warn({ err }, 'offsets could not be written to path_offsets; silence is computed without them');
    }
  }
}
