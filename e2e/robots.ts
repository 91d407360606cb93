import type { TelemetryMessage } from '@floorwatch/contract';
import { Kafka, logLevel, type Producer } from 'kafkajs';
import type { World } from './world.ts';

/** Positions on the hall plan of the demo, outside the racks. */
const FIRST = { x: 0, y: 0 };
const SPACING_METRES = 1.5;
const COLUMNS = 8;
export const MAP_ID = 'hall';

/** Robots at positions that a test sets. They report once per second, so that the test knows what the map must show. */
export class Robots {
  readonly #producer: Producer;
  readonly #topic: string;
  readonly #states = new Map<string, TelemetryMessage>();
  readonly #silent = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  constructor({ kafkaBrokers, topic }: World) {
    const kafka = new Kafka({ brokers: kafkaBrokers.split(','), logLevel: logLevel.NOTHING });
    this.#producer = kafka.producer();
    this.#topic = topic;
  }

  async start(count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      const robot_id = `e2e-${String(i).padStart(2, '0')}`;
      const x = FIRST.x + (i % COLUMNS) * SPACING_METRES;
      const y = FIRST.y + Math.floor(i / COLUMNS) * SPACING_METRES;
      const at = { x, y, theta: 0, map_id: MAP_ID, speed: 0 };
      this.#states.set(robot_id, { robot_id, ts: 0, ...at, battery: 80 - i, state: 'working' });
    }
    await this.#producer.connect();
    await this.#report();
    this.#timer = setInterval(() => {
      this.#report().catch((error: unknown) => {
        console.error('The test robots cannot publish their events:', error);
      });
    }, 1_000);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#producer.disconnect();
  }

  /** From the next report on. */
  set(robotId: string, change: Partial<TelemetryMessage>): void {
    const state = this.#states.get(robotId);
    if (state === undefined) throw new Error(`No robot has the id ${robotId}`);
    if (this.#silent.has(robotId)) throw new Error(`Robot ${robotId} is silent: another test silenced it`);
    this.#states.set(robotId, { ...state, ...change });
  }

  /** From the next report on, until `wake` is called. */
  silence(robotId: string): void {
    this.#silent.add(robotId);
  }

  wake(robotId: string): void {
    this.#silent.delete(robotId);
  }

  async #report(): Promise<void> {
    const ts = new Date().toISOString();
    const speaking = [...this.#states.values()].filter(({ robot_id }) => !this.#silent.has(robot_id));
    const messages = speaking.map((state) => ({
      key: state.robot_id,
      value: JSON.stringify({ event_id: crypto.randomUUID(), event_type: 'POSITION_UPDATE', ...state, ts }),
    }));
    await this.#producer.send({ topic: this.#topic, messages });
  }
}
