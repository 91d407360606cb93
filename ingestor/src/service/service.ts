import type { ClickHouseClient } from '@clickhouse/client';
import type { Logger } from 'pino';
import { createClickHouse } from '../clickhouse/client.ts';
import { insertFailureOf, type InsertFailure } from '../clickhouse/insert-failure.ts';
import { consumerGroup, type Config } from '../config/config.ts';
import { emptyMessages } from '../decode/readable.ts';
import { RobotReference } from '../enrichment/robot-reference.ts';
import { DeadLetterTopic } from '../pipeline/dead-letter-topic.ts';
import { createKafka } from '../kafka/kafka-client.ts';
import { createKafkajsConsumer } from '../kafka/kafkajs-consumer.ts';
import { LagExporter } from '../lag/lag-exporter.ts';
import { OffsetReporter } from '../lag/offset-reporter.ts';
import { startHttpServer, type ReadinessCheck } from '../metrics/http-server.ts';
import { createMetrics } from '../metrics/metrics.ts';
import { Ingest } from '../pipeline/ingest.ts';
import { BatchSink } from '../pipeline/batch-sink.ts';
import { untilDone, type RetryOptions } from '../pipeline/retry.ts';
import { openTracing } from '../tracing/open-tracing.ts';
import { topicFormats } from './topic-formats.ts';

export interface Service {
  httpPort: number;
  /** Stores what was read, within the given time, and closes all connections. */
  stop(drainWithinMs: number): Promise<void>;
}

/**
 * Builds the service from its configuration and starts it. It waits if Kafka or ClickHouse are not available yet.
 * Throws immediately when a file of the configuration is invalid.
 */
export async function startService(config: Config, log: Logger): Promise<Service> {
  const metrics = createMetrics();
  const clickhouse = createClickHouse(config.clickhouse);
  const { enrichEveryMs: everyMs } = config;
  const robots = everyMs === undefined ? null : new RobotReference({ client: clickhouse, everyMs, metrics, log });
  const formatOf = topicFormats(config.formats, robots?.enrich.bind(robots));
  const kafka = createKafka(config.kafka, log);
  const sink = new BatchSink(clickhouse, { timeoutMs: config.clickhouse.requestTimeoutMs, metrics, log });
  const { topics, deadLetterTopic: name, sessionTimeoutMs } = config.kafka;
  const besideEngine = config.ingestPath === 'engine';
  const groupId = consumerGroup(config);
  const consumer = createKafkajsConsumer(kafka, { topics, exceptTopic: name, groupId, sessionTimeoutMs, log });
  const tracing = await openTracing(config, log);
  const deadLetterTopic = name === null ? null : new DeadLetterTopic(kafka, name, { metrics, log });
  const ingest = new Ingest({
    ...{ consumer, sink, deadLetterTopic, tracing, metrics, log },
    formatOf: besideEngine ? () => emptyMessages : formatOf,
    batch: besideEngine ? { ...config.batch, duplicateWindowEvents: 0 } : config.batch,
  });
  const { engineGroup } = config.lag;
  const groups = [...new Set([groupId, ...(engineGroup === null ? [] : [engineGroup]), ...config.lag.groups])];
  const reporter = new OffsetReporter(clickhouse, { database: config.clickhouse.database, metrics, log });
  const pathOf = (group: string) =>
    group === engineGroup ? 'engine' : group === groupId && !besideEngine ? 'ingestor' : null;
  const lag = new LagExporter(kafka, {
    ...{ groups, topics, exceptTopic: name, intervalMs: config.lag.intervalMs, pathOf, metrics, log },
    // Each instance reports its own partitions for both paths, because ClickHouse does not know the end of the topic.
    onMeasured: (group, samples) => {
      const path = pathOf(group);
      const own = samples.filter((sample) => ingest.reads(sample));
      if (path !== null) reporter.report(path, own);
    },
  });
  const stopping = new AbortController();

  const clickHouseReadiness = clickHouseCheck(clickhouse, log);
  const http = await startHttpServer({
    ...config.http,
    registry: metrics.registry,
    readiness: async () => ({
      assignment: assignmentCheck(ingest),
      clickhouse: await clickHouseReadiness(sink.health.failure),
    }),
  });
  log.info({ port: http.port, ingestPath: config.ingestPath }, 'serving /metrics, /healthz and /readyz');

  const robotsRead = robots?.start(stopping.signal);
  const retrying: RetryOptions = {
    signal: stopping.signal,
    onFailure: (err) => {
      log.warn({ err }, 'Kafka cannot be reached; retrying');
    },
  };
  const start = async (): Promise<void> => {
    await robotsRead;
    // Each on its own: a failure of the lag must not make the ingestor join its group a second time.
    await untilDone(() => ingest.start(), retrying);
    await untilDone(() => lag.start(), retrying);
  };
  const started = start();
  started.catch(() => undefined); // Only the stop signal ends the retries, and the promise is awaited below.

  return {
    httpPort: http.port,
    stop: async (drainWithinMs) => {
      stopping.abort();
      await ingest.stop(drainWithinMs);
      await deadLetterTopic?.stop();
      await tracing?.stop();
      await lag.stop();
      await clickhouse.close();
      http.close();
    },
  };
}

function assignmentCheck(ingest: Ingest): ReadinessCheck {
  return ingest.hasAssignment
    ? { ok: true }
    : { ok: false, reason: 'the consumer group has not assigned partitions yet' };
}

/** Anyone in the network can read the result, so it has no text of ClickHouse. The log has, once for each change. */
function clickHouseCheck(
  client: ClickHouseClient,
  log: Logger
): (failure: InsertFailure | null) => Promise<ReadinessCheck> {
  let logged = '';
  return async (failure) => {
    if (failure) {
      const { reason, code } = failure;
      return { ok: false, reason: `inserts of a partition fail (${reason} ${code}); see the log` };
    }
    const ping = await client.ping({ select: false });
    const text = ping.success ? '' : ping.error.message;
    if (!ping.success && text !== logged) log.warn({ err: ping.error }, 'ClickHouse does not respond');
    logged = text;
    if (ping.success) return { ok: true };
    const { reason, code } = insertFailureOf(ping.error);
    return {
      ok: false,
      reason: `ClickHouse does not respond (${reason} ${code}); see the log`,
    };
  };
}
