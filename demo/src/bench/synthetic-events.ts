import { randomUUID } from 'node:crypto';
import { Kafka, logLevel, type Message } from 'kafkajs';
import { createRandom } from '../fleet/random.ts';
import { createTopic } from '../processes/topic.ts';

const PARTITIONS = 4;
const MESSAGES_PER_REQUEST = 5_000;

export interface SyntheticEvents {
  brokers: string;
  topic: string;
  events: number;
  robots: number;
}

/** Publishes events of about 260 bytes, as the baseline of ../shared/bench was measured with, robot by robot in turn. */
export async function publishEvents({ brokers, topic, events, robots }: SyntheticEvents): Promise<void> {
  await createTopic({ brokers, topic, partitions: PARTITIONS });
  const random = createRandom(1);
  const startMs = Date.now() - Math.ceil(events / robots) * 1000;
  const eventMessage = (i: number): Message => {
    const robotId = `robot-${String(i % robots).padStart(5, '0')}`;
    const event = {
      event_id: randomUUID(),
      robot_id: robotId,
      ts: new Date(startMs + Math.floor(i / robots) * 1000 + random.integer(0, 999)).toISOString(),
      event_type: 'POSITION_UPDATE',
      task_id: `task-${i % 977}`,
      x: random.integer(0, 100_000) / 1000,
      y: random.integer(0, 60_000) / 1000,
      battery: random.integer(5, 100),
      error_code: null,
      meta: { firmware: 'v2.4.1', heading: random.integer(-3141, 3141) / 1000 },
    };
    return { key: robotId, value: JSON.stringify(event) };
  };
  const producer = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.ERROR }).producer();
  await producer.connect();
  for (let first = 0; first < events; first += MESSAGES_PER_REQUEST) {
    const count = Math.min(MESSAGES_PER_REQUEST, events - first);
    await producer.send({ topic, acks: 1, messages: Array.from({ length: count }, (_, i) => eventMessage(first + i)) });
  }
  await producer.disconnect();
}
