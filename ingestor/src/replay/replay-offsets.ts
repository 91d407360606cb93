import type { Logger } from 'pino';
import { createClickHouse } from '../clickhouse/client.ts';
import type { Config } from '../config/config.ts';
import { RobotReference } from '../enrichment/robot-reference.ts';
import type { GroupConsumer } from '../kafka/group-consumer.ts';
import { createMetrics } from '../metrics/metrics.ts';
import { BatchSink } from '../pipeline/batch-sink.ts';
import { Ingest } from '../pipeline/ingest.ts';
import { SOURCE_REPLAY } from '../rows/origin.ts';
import { topicFormats } from '../service/topic-formats.ts';
import { openTracing } from '../tracing/open-tracing.ts';
import { BoundedConsumer } from './bounded-consumer.ts';
import { countsOf, type ReplayCounts } from './counts.ts';
import { messagesOf } from './estimate.ts';
import type { OffsetRange } from './offset-range.ts';
import { showProgress } from './progress.ts';
import { storedByAnyone } from './stored-identities.ts';

/** No rows follow the last rows of a replay, so they do not wait for a larger batch. */
const BATCH_MAX_MS = 200;
/** How long a running insert may take after the user has stopped the replay. */
const STOP_WITHIN_MS = 30_000;

export interface OffsetRangesReplay {
  topic: string;
  ranges: readonly OffsetRange[];
  /** The consumer of a new group; it is stopped at the end. */
  consumer: GroupConsumer;
  overwrite: boolean;
  signal: AbortSignal;
  log: Logger;
}

export interface OffsetRangesOutcome {
  counts: ReplayCounts;
  /** The ranges that the signal left unread. */
  remaining: OffsetRange[];
}

/** Sends the ranges through the live pipeline, with the same formats, masking, enrichment, batches and retries. */
export async function replayOffsets(config: Config, replay: OffsetRangesReplay): Promise<OffsetRangesOutcome> {
  const { ranges, signal, log } = replay;
  const metrics = createMetrics();
  const client = createClickHouse(config.clickhouse);
  const stopping = new AbortController();
  let hideProgress = (): void => undefined;
  try {
    await client.query({ query: 'SELECT event_id FROM telemetry_raw LIMIT 0' }); // Fails fast now; later, it waits for ClickHouse.
    const { enrichEveryMs: everyMs } = config;
    const robots = everyMs === undefined ? null : new RobotReference({ client, everyMs, metrics, log });
    await robots?.start(stopping.signal);
    const consumer = new BoundedConsumer(replay.consumer, ranges);
    const stored = replay.overwrite ? {} : { stored: storedByAnyone(client, config.clickhouse.requestTimeoutMs) };
    const sink = new BatchSink(client, { timeoutMs: config.clickhouse.requestTimeoutMs, metrics, log, ...stored });
    const tracing = await openTracing(config, log);
    const ingest = new Ingest({
      ...{ consumer, sink, tracing, metrics, log },
      formatOf: topicFormats(config.formats, robots?.enrich.bind(robots)),
      source: SOURCE_REPLAY,
      batch: { ...config.batch, maxMs: Math.min(config.batch.maxMs, BATCH_MAX_MS) },
    });
    const total = messagesOf(ranges);
    let startMs = Infinity;
    hideProgress = showProgress(async () => {
      // The rate excludes the time in which the group forms.
      if (ingest.hasAssignment) startMs = Math.min(startMs, performance.now());
      return {
        ...{ total, unit: 'messages', done: total - messagesOf(consumer.remaining) },
        rows: (await countsOf(metrics)).added,
        elapsedSeconds: Math.max(0, (performance.now() - startMs) / 1000),
      };
    });
    const stopped = new Promise((resolve) => {
      signal.addEventListener('abort', resolve, { once: true });
      if (signal.aborted) resolve(undefined);
    });
    try {
      await ingest.start();
      await Promise.race([consumer.finished, stopped]);
    } finally {
      await ingest.stop(STOP_WITHIN_MS);
      await tracing?.stop();
    }
    return { counts: await countsOf(metrics), remaining: consumer.remaining };
  } finally {
    hideProgress();
    stopping.abort();
    await client.close();
  }
}
