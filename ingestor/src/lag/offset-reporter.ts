import type { ClickHouseClient } from '@clickhouse/client';
import type { Logger } from 'pino';
import type { Metrics } from '../metrics/metrics.ts';

/** How far a consumer group has stored one partition. */
export interface OffsetSample {
  topic: string;
  partition: number;
  /** Time before the end was requested: all messages produced until then are below `endOffset`. Milliseconds since the epoch. */
  sampledAtMs: number;
  /** Offset of the next message of the partition. */
  endOffset: number;
  /** Offset of the first message that is not yet stored. */
  committedOffset: number;
}

interface OffsetReporterOptions {
  database: string;
  metrics: Metrics;
  log: Logger;
}

/**
 * Writes to ClickHouse how far each path has stored each partition, so that its views can distinguish a silent robot
 * from a path that lags. Never waits and never throws: lag must be measured while ClickHouse is unavailable, too.
 */
export class OffsetReporter {
  readonly #client: ClickHouseClient;
  readonly #options: OffsetReporterOptions;
  readonly #inserting = new Set<string>();

  constructor(client: ClickHouseClient, options: OffsetReporterOptions) {
    this.#client = client;
    this.#options = options;
  }

  /** Samples are dropped while an earlier insert of the path is running: the next ones are newer. */
  report(path: 'ingestor' | 'engine', samples: readonly OffsetSample[]): void {
    if (this.#inserting.has(path) || samples.length === 0) return;
    this.#inserting.add(path);
    void this.#insert(path, samples).finally(() => this.#inserting.delete(path));
  }

  async #insert(path: string, samples: readonly OffsetSample[]): Promise<void> {
    const { database, metrics, log } = this.#options;
    try {
      await this.#client.insert({
        table: `${database}.path_offsets`,
        format: 'JSONEachRow',
        values: samples.map(({ topic, partition, sampledAtMs, endOffset, committedOffset }) => ({
          ...{ path, topic, partition },
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
