import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '@floorwatch/demo/fleet/random';
import { Kafka, logLevel, type Message, type Producer } from 'kafkajs';

const ROBOTS = 500;
const MESSAGES_PER_REQUEST = 500;
const MESSAGES_BETWEEN = 20;
const BETWEEN_MS = 300;
/** A producer repeats a message at most this many messages later. */
const DUPLICATE_WITHIN = 400;

export interface TrafficOptions {
  brokers: string;
  topic: string;
  random: Random;
  duplicates: number;
  malformed: number;
}

/** Publishes robot events, some of them twice and some malformed, and retries until the broker has confirmed all of them. */
export class Traffic {
  readonly #options: TrafficOptions;
  readonly #producer: Producer;
  #count = 0;
  #recent: Message[] = [];

  constructor(options: TrafficOptions) {
    this.#options = options;
    const kafka = new Kafka({
      brokers: [options.brokers],
      logLevel: logLevel.NOTHING,
      requestTimeout: 10_000,
      retry: { retries: 0 },
    });
    this.#producer = kafka.producer();
  }

  /**
   * Publishes new messages and returns when the broker has confirmed them. A retry can add more duplicates.
   * @param overMs time over which they are spread, at least
   */
  async publish(messages: number, overMs: number): Promise<void> {
    const requests = Math.ceil(messages / MESSAGES_PER_REQUEST);
    for (let left = messages; left > 0; left -= MESSAGES_PER_REQUEST) {
      if (left < messages) await sleep(overMs / requests);
      const batch = Array.from({ length: Math.min(left, MESSAGES_PER_REQUEST) }, () => this.#next());
      await this.#sendUntilConfirmed(batch.flat());
    }
  }

  /** Publishes a few messages now and then, while something runs. */
  async publishUntil(done: Promise<unknown>): Promise<void> {
    const state = { isDone: false };
    const end = (): void => {
      state.isDone = true;
    };
    done.then(end, end);
    await sleep(BETWEEN_MS);
    while (!state.isDone) {
      await this.publish(MESSAGES_BETWEEN, 0);
      await sleep(BETWEEN_MS);
    }
  }

  close(): Promise<void> {
    return this.#producer.disconnect();
  }

  async #sendUntilConfirmed(messages: Message[]): Promise<void> {
    for (;;) {
      try {
        await this.#producer.connect();
        await this.#producer.send({ topic: this.#options.topic, messages, acks: -1 });
        return;
      } catch {
        await sleep(200); // The broker was killed and is restarting.
      }
    }
  }

  #next(): Message[] {
    const { random, malformed, duplicates } = this.#options;
    const message = random.chance(malformed) ? this.#malformedMessage() : this.#eventMessage();
    if (this.#recent.length > 0 && random.chance(duplicates)) return [message, random.pick(this.#recent)];
    return [message];
  }

  #eventMessage(): Message {
    const { random } = this.#options;
    const key = this.#robotId();
    const event = {
      event_id: uuid(random),
      robot_id: key,
      ts: new Date().toISOString(),
      event_type: random.chance(0.1) ? random.pick(['TASK_STARTED', 'TASK_COMPLETED']) : 'POSITION_UPDATE',
      task_id: `task-${this.#count % 977}`,
      x: Number(random.between(0, 50).toFixed(3)),
      y: Number(random.between(0, 30).toFixed(3)),
      battery: random.integer(5, 100),
      state: 'working',
      meta: { firmware: '2.4.1', heading: Number(random.between(-3, 3).toFixed(4)) },
    };
    const message = { key, value: JSON.stringify(event) };
    this.#recent.push(message);
    if (this.#recent.length > DUPLICATE_WITHIN) this.#recent.shift();
    return message;
  }

  #malformedMessage(): Message {
    const { random } = this.#options;
    const key = this.#robotId();
    const value = random.pick([
      Buffer.from(`{"robot_id":"${key}","ts":"\xff\xfe"}`, 'latin1'),
      Buffer.from(`{"robot_id":"${key}"`),
      Buffer.from(JSON.stringify({ robot_id: key, ts: new Date().toISOString(), battery: 300 })),
      null,
    ]);
    return { key: `malformed-${this.#count}`, value };
  }

  #robotId(): string {
    return `amr-${String(this.#count++ % ROBOTS).padStart(4, '0')}`;
  }
}

function uuid(random: Random): string {
  const hex = Array.from({ length: 4 }, () => random.integer(0, 0xffff_ffff).toString(16).padStart(8, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}
