import { setImmediate } from 'node:timers/promises';
import type { Consumer, EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs';
import type { Logger } from 'pino';
import { AdminClient } from './admin-client.ts';
import { REQUEST_TIMEOUT_MS } from './kafka-client.ts';
import {
  AssignmentLostError,
  type Assignment,
  type Committed,
  type ConsumedMessage,
  type GroupConsumer,
  type GroupHandlers,
  type TopicPartition,
  type Watermarks,
} from './group-consumer.ts';
import { SkipMarker } from './skip-marker.ts';
import { isTopicPattern } from '../config/topic-entries.ts';
import { LOOK_UP_MS, topicsOf } from './topics.ts';

/** Broker-side wait for a fuller fetch: a fetch of a few messages costs as much as one of thousands. */
const FETCH_MIN_BYTES = 65_536;
const FETCH_MAX_WAIT_MS = 100;
/** A whole fetch is in memory before its first message is processed. Small fetches are freed by the young-generation collector. */
const FETCH_MAX_BYTES_PER_PARTITION = 524_288;
const RESTART_DELAY_MS = 1_000;
/** A healthy consumer emits each of these several times per second, and after every response to a retried request. */
const SIGNS_OF_LIFE = ['consumer.fetch', 'consumer.heartbeat', 'consumer.group_join'] as const;

/** Ends a kafkajs consumer from within. */
class ReplacedError extends Error {
  override readonly name = 'ReplacedError';
  /** kafkajs does not run the consumer again. */
  readonly retriable = false;

  constructor() {
    super('This Kafka consumer was replaced: the group gives its partitions to another member.');
  }
}

export interface GroupConsumerOptions {
  /** Names, or patterns as in `topicsOf`. */
  topics: readonly string[];
  /** A topic that no pattern matches. */
  exceptTopic?: string | null;
  /** How often topics are looked up that match a pattern. */
  lookUpMs?: number;
  groupId: string;
  sessionTimeoutMs: number;
  log: Logger;
}

/** The group consumer on kafkajs 2.2. */
export function createKafkajsConsumer(kafka: Kafka, options: GroupConsumerOptions): GroupConsumer {
  return new KafkajsConsumer(kafka, options);
}

class KafkajsConsumer implements GroupConsumer {
  readonly #kafka: Kafka;
  readonly #options: GroupConsumerOptions;
  readonly #admin: AdminClient;
  #consumer: Consumer | null = null;
  #assignment: { partitions: TopicPartition[]; controller: AbortController } | null = null;
  #commitNow: EachBatchPayload['commitOffsetsIfNecessary'] | null = null;
  #stopped = false;

  constructor(kafka: Kafka, options: GroupConsumerOptions) {
    this.#kafka = kafka;
    this.#options = options;
    this.#admin = new AdminClient(kafka, options.log);
  }

  connect(): Promise<void> {
    return this.#admin.connect();
  }

  join(handlers: GroupHandlers): Promise<void> {
    return this.#run(handlers);
  }

  async clusterId(): Promise<string> {
    return (await this.#admin.ask((admin) => admin.describeCluster())).clusterId;
  }

  async committed({ topic, partition }: TopicPartition): Promise<Committed> {
    const { groupId } = this.#options;
    const [fetched] = await this.#admin.ask((admin) => admin.fetchOffsets({ groupId, topics: [topic] }));
    const found = fetched?.partitions.find((p) => p.partition === partition);
    const offset = Number(found?.offset ?? -1);
    // -1: never committed; -2: kafkajs fell back to the earliest offset because the log does not contain the committed one.
    return offset < 0 ? { offset: null, metadata: '' } : { offset, metadata: found?.metadata ?? '' };
  }

  async commit(under: Assignment, of: TopicPartition, offset: number, metadata: string): Promise<void> {
    // kafkajs switches to a new generation and announces it in one run of microtasks. After this turn of the event loop
    // either both have happened or neither has, so the check below is for the generation of the commit.
    await setImmediate();
    if (under.lost.aborted || !this.#commitNow) throw new AssignmentLostError();
    // Not consumer.commitOffsets(), which retries: after a rebalance it would commit in the new generation.
    const partitions = [{ partition: of.partition, offset: String(offset), metadata }];
    await this.#commitNow({ topics: [{ topic: of.topic, partitions }] });
  }

  async watermarks({ topic, partition }: TopicPartition): Promise<Watermarks> {
    const all = await this.#admin.ask((admin) => admin.fetchTopicOffsets(topic));
    const found = all.find((each) => each.partition === partition);
    if (!found) throw new Error(`Kafka does not know partition ${partition} of topic ${topic}`);
    return { low: Number(found.low), high: Number(found.high) };
  }

  async seek({ topic, partition }: TopicPartition, offset: number | 'earliest'): Promise<void> {
    const { low: lowest } = await this.watermarks({ topic, partition });
    // For an offset below the lowest one, kafkajs would overwrite our checkpoint with "earliest".
    const target = offset === 'earliest' ? lowest : Math.max(offset, lowest);
    this.#consumer?.seek({ topic, partition, offset: String(target) });
  }

  pause({ topic, partition }: TopicPartition): void {
    this.#consumer?.pause([{ topic, partitions: [partition] }]);
  }

  resume({ topic, partition }: TopicPartition): void {
    this.#consumer?.resume([{ topic, partitions: [partition] }]);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#endAssignment();
    await this.#consumer?.disconnect();
    await this.#admin.disconnect();
  }

  async #run(handlers: GroupHandlers): Promise<void> {
    const { groupId, sessionTimeoutMs, log } = this.#options;
    const topics = await this.#topics();
    if (topics.length === 0) throw new Error(`no topic matches ${this.#options.topics.join(', ')} yet`);
    if (this.#stopped) return;
    // Two members of one process: the group would give partitions to the one whose messages nobody takes.
    if (this.#consumer) this.#leave(this.#consumer);
    const consumer = this.#kafka.consumer({
      groupId,
      sessionTimeout: sessionTimeoutMs,
      // Members learn of a rebalance with the next heartbeat. The group does not wait longer than a session for a member.
      rebalanceTimeout: sessionTimeoutMs,
      heartbeatInterval: Math.min(3_000, Math.floor(sessionTimeoutMs / 4)),
      minBytes: FETCH_MIN_BYTES,
      maxWaitTimeInMs: FETCH_MAX_WAIT_MS,
      maxBytesPerPartition: FETCH_MAX_BYTES_PER_PARTITION,
      // kafkajs would restart a consumer after we have replaced it: `disconnect()` does not end a start that waits for the broker.
      retry: { restartOnFailure: () => Promise.resolve(false) },
    });
    this.#consumer = consumer;
    // Ignores events of a replaced consumer: its partitions may have other owners.
    const isOurs = (): boolean => this.#consumer === consumer;
    const watchdog = this.#watch(consumer, handlers);
    this.#lookForTopics(consumer, topics, handlers);
    consumer.on('consumer.group_join', ({ payload }) => {
      if (isOurs()) this.#onJoined(payload.memberAssignment, handlers);
    });
    consumer.on('consumer.crash', ({ payload }) => {
      if (!isOurs()) return;
      log.warn({ err: payload.error }, 'Kafka consumer crashed; restarting it');
      this.#endAssignment();
      // Its look-up of topics ends too, so that only one restart follows.
      this.#leave(consumer);
      clearTimeout(watchdog);
      this.#restartLater(handlers);
    });
    try {
      await consumer.connect();
      await consumer.subscribe({ topics: [...topics], fromBeginning: true });
      await consumer.run({
        autoCommit: false,
        eachBatch: (payload) => {
          // It was replaced while it waited for the broker, which `disconnect()` does not end, and joined. It would keep its partitions
          // and read them for nobody. Only an error ends it; the group then gives its partitions to the others.
          if (!isOurs()) return Promise.reject(new ReplacedError());
          this.#onBatch(payload, handlers);
          return Promise.resolve();
        },
      });
    } catch (err) {
      clearTimeout(watchdog);
      if (!isOurs()) return;
      this.#leave(consumer);
      throw err;
    }
  }

  #topics(): Promise<string[]> {
    const { topics, exceptTopic = null } = this.#options;
    return topicsOf(this.#admin, topics, exceptTopic);
  }

  /** Joins again when the topics that match have changed: kafkajs looks them up only when it subscribes. */
  #lookForTopics(consumer: Consumer, joined: readonly string[], handlers: GroupHandlers): void {
    const { topics, lookUpMs = LOOK_UP_MS, log } = this.#options;
    if (!topics.some(isTopicPattern)) return;
    const timer = setInterval(() => {
      if (this.#stopped || this.#consumer !== consumer) {
        clearInterval(timer);
        return;
      }
      this.#topics().then(
        (found) => {
          if (this.#stopped || this.#consumer !== consumer || found.join() === joined.join()) return;
          clearInterval(timer);
          log.info(
            { before: joined, now: found },
            'topics that match KAFKA_TOPIC have changed; joining the group again'
          );
          this.#endAssignment();
          this.#leave(consumer);
          this.#restartLater(handlers);
        },
        (err: unknown) => {
          log.warn({ err }, 'topics could not be looked up; retrying');
        }
      );
    }, lookUpMs).unref();
  }

  /** Restarts the consumer when kafkajs waits for a response that does not come, whatever the cause. */
  #watch(consumer: Consumer, handlers: GroupHandlers): NodeJS.Timeout {
    const { sessionTimeoutMs, log } = this.#options;
    // The longest normal silence: a request without a response, then a join and a sync.
    const limitMs = REQUEST_TIMEOUT_MS + 2 * sessionTimeoutMs;
    const watchdog = setTimeout(() => {
      if (this.#stopped || this.#consumer !== consumer) return;
      log.error({ silentForMs: limitMs }, 'Kafka consumer unresponsive; restarting it');
      this.#endAssignment();
      this.#leave(consumer);
      this.#restartLater(handlers);
    }, limitMs).unref();
    for (const sign of SIGNS_OF_LIFE) {
      consumer.on(sign, () => {
        watchdog.refresh();
      });
    }
    return watchdog;
  }

  /** Does not wait: if the consumer hangs, its disconnect probably hangs too. */
  #leave(consumer: Consumer): void {
    this.#consumer = null;
    this.#disconnect(consumer);
  }

  #disconnect(consumer: Consumer): void {
    consumer.disconnect().catch((err: unknown) => {
      this.#options.log.warn({ err }, 'old Kafka consumer could not be disconnected');
    });
  }

  /** kafkajs stops after an error that its retries do not end. A service must restart it. */
  #restartLater(handlers: GroupHandlers): void {
    setTimeout(() => {
      if (this.#stopped) return;
      this.#run(handlers).catch((err: unknown) => {
        this.#options.log.error({ err }, 'Kafka consumer could not be restarted; retrying');
        this.#restartLater(handlers);
      });
    }, RESTART_DELAY_MS);
  }

  #onJoined(memberAssignment: Record<string, number[]>, handlers: GroupHandlers): void {
    this.#endAssignment();
    if (this.#stopped) return;
    const partitions = Object.entries(memberAssignment).flatMap(([topic, numbers]) =>
      numbers.map((partition) => ({ topic, partition }))
    );
    const controller = new AbortController();
    this.#assignment = { partitions, controller };
    for (const partition of partitions) this.pause(partition);
    handlers.onAssigned({ partitions, lost: controller.signal });
  }

  #onBatch(payload: EachBatchPayload, handlers: GroupHandlers): void {
    const { topic, partition, messages, highWatermark } = payload.batch;
    if (payload.isStale() || !this.#assignment) return;
    this.#commitNow = (offsets) => payload.commitOffsetsIfNecessary(offsets);
    const remaining = Number(highWatermark) - 1 - Number(payload.batch.lastOffset());
    // Our decoder of fetch responses adds the arrival time and the marker.
    const arrived = messages as (KafkaMessage & Pick<ConsumedMessage, 'arrivedAtMs' | 'invalidBatch'>)[];
    const marker = messages.at(-1) instanceof SkipMarker ? arrived.pop() : undefined;
    const invalid = arrived[0]?.invalidBatch;
    if (invalid)
      this.#options.log.error({ topic, partition, ...invalid, bytes: undefined }, 'record batch cannot be read');
    if (arrived.length > 0) handlers.onMessages({ topic, partition }, arrived, remaining);
    if (marker) handlers.onSkipped?.({ topic, partition }, Number(marker.offset) + 1);
  }

  #endAssignment(): void {
    this.#assignment?.controller.abort(new AssignmentLostError());
    this.#assignment = null;
    this.#commitNow = null;
  }
}
