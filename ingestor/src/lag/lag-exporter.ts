import { setTimeout as sleep } from 'node:timers/promises';
import type { Kafka } from 'kafkajs';
import type { Logger } from 'pino';
import { AdminClient } from '../kafka/admin-client.ts';
import { isTopicPattern } from '../config/topic-entries.ts';
import { topicsOf } from '../kafka/topics.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { LagClock } from './lag-clock.ts';
import type { OffsetSample } from './offset-reporter.ts';

/** At start, the end of the log this long ago is requested, so that an older backlog has an age immediately. */
const LOOK_BACK_MS = [60_000, 300_000, 900_000, 3_600_000, 21_600_000, 86_400_000];

export interface LagExporterOptions {
  groups: readonly string[];
  /** Names, or patterns as in `topicsOf`. */
  topics: readonly string[];
  exceptTopic?: string | null;
  intervalMs: number;
  /** The path of ours that reads with this group; null: a group of somebody else. */
  pathOf: (group: string) => 'engine' | 'ingestor' | null;
  /** Receives the measurements of each group and topic. */
  onMeasured?: (group: string, samples: readonly OffsetSample[]) => void;
  metrics: Metrics;
  log: Logger;
}

interface Series extends Record<string, string | number> {
  group: string;
  topic: string;
  partition: number;
  path: string;
}

/** Exports the lag of consumer groups, our own and others. It joins no group and reads no messages. */
export class LagExporter {
  readonly #admin: AdminClient;
  readonly #options: LagExporterOptions;
  readonly #clocks = new Map<string, LagClock>();
  /** The exported series of each topic. */
  readonly #series = new Map<string, Map<string, Series>>();
  readonly #stopping = new AbortController();

  constructor(kafka: Kafka, options: LagExporterOptions) {
    this.#admin = new AdminClient(kafka, options.log);
    this.#options = options;
    options.metrics.kafkaAnsweredAt.setToCurrentTime();
  }

  /** Throws when no broker can be reached; it may be called again then. */
  async start(): Promise<void> {
    await this.#admin.connect();
    void this.#measureUntil(this.#stopping.signal);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#admin.disconnect();
  }

  async #measureUntil(stopping: AbortSignal): Promise<void> {
    while (!stopping.aborted) {
      await this.#measureAll();
      await sleep(this.#options.intervalMs, undefined, { signal: stopping }).catch(() => undefined);
    }
  }

  async #measureAll(): Promise<void> {
    const { topics: entries, exceptTopic = null, metrics, log } = this.#options;
    let topic: string | null = null;
    const onFailure = (err: unknown): void => {
      if (this.#stopping.signal.aborted) return;
      metrics.lagFailures.inc();
      log.warn({ err, topic }, 'lag could not be measured');
    };
    const topics = await topicsOf(this.#admin, entries, exceptTopic).catch((err: unknown) => {
      onFailure(err);
      return null;
    });
    if (topics === null) return;
    // Also when no topic matches a pattern.
    if (entries.some(isTopicPattern)) metrics.kafkaAnsweredAt.setToCurrentTime();
    this.#forgetOthers(topics);
    for (topic of topics) await this.#measure(topic).catch(onFailure);
  }

  /** The last lag of a deleted topic would be reported without end. */
  #forgetOthers(topics: readonly string[]): void {
    const { lagMessages, lagSeconds } = this.#options.metrics;
    for (const [topic, series] of this.#series) {
      if (topics.includes(topic)) continue;
      for (const labels of series.values()) for (const gauge of [lagMessages, lagSeconds]) gauge.remove(labels);
      this.#series.delete(topic);
    }
  }

  async #measure(topic: string): Promise<void> {
    const sampledAtMs = Date.now();
    const ends = await this.#admin.ask((admin) => admin.fetchTopicOffsets(topic));
    const nowMs = Date.now();
    this.#options.metrics.kafkaAnsweredAt.setToCurrentTime();
    for (const { partition, high } of ends)
      await this.#clockOf(topic, partition).then((c) => {
        c.add(nowMs, Number(high));
      });
    for (const group of this.#options.groups) {
      const [held] = await this.#admin.ask((admin) => admin.fetchOffsets({ groupId: group, topics: [topic] }));
      const samples: OffsetSample[] = [];
      // A group that never committed, such as the Kafka engine's while that path is off, is not behind: nobody reads for it.
      const hasCommitted = held?.partitions.some(({ offset }) => Number(offset) >= 0) ?? false;
      for (const { partition, low, high } of ends) {
        const committed = Number(held?.partitions.find((p) => p.partition === partition)?.offset ?? -1);
        const next = Math.max(committed, Number(low));
        samples.push({ topic, partition, sampledAtMs, endOffset: Number(high), committedOffset: next });
        if (!hasCommitted) continue;
        const labels = { group, topic, partition, path: this.#options.pathOf(group) ?? '' };
        const series = this.#series.get(topic) ?? new Map<string, Series>();
        this.#series.set(topic, series.set(`${group}/${partition}`, labels));
        this.#options.metrics.lagMessages.set(labels, Math.max(0, Number(high) - next));
        this.#options.metrics.lagSeconds.set(labels, (await this.#clockOf(topic, partition)).lagSeconds(next, nowMs));
      }
      this.#options.onMeasured?.(group, samples);
    }
  }

  async #clockOf(topic: string, partition: number): Promise<LagClock> {
    const known = this.#clocks.get(`${topic}/${partition}`);
    if (known) return known;
    await this.#lookBack(topic);
    const clock = this.#clocks.get(`${topic}/${partition}`) ?? new LagClock();
    this.#clocks.set(`${topic}/${partition}`, clock);
    return clock;
  }

  async #lookBack(topic: string): Promise<void> {
    const nowMs = Date.now();
    for (const agoMs of LOOK_BACK_MS) {
      const atMs = nowMs - agoMs;
      const offsets = await this.#admin.ask((admin) => admin.fetchTopicOffsetsByTimestamp(topic, atMs));
      for (const { partition, offset } of offsets) {
        const key = `${topic}/${partition}`;
        const clock = this.#clocks.get(key) ?? new LagClock();
        clock.add(atMs, Number(offset));
        this.#clocks.set(key, clock);
      }
    }
  }
}
