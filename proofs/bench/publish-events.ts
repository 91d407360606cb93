import { randomUUID } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';

const MESSAGES_PER_REQUEST = 2_000;

/** Valid events of about 260 bytes as JSON. */
export interface BenchEvent extends Record<string, unknown> {
  event_id: string;
  robot_id: string;
  ts: string;
  event_type: string;
  task_id: string;
  x: number;
  y: number;
  battery: number;
  error_code: null;
  meta: { firmware: string; heading: number };
}

/**
 * Publishes events, with the robot as key, as fast as the broker accepts them.
 * @param encode the value of a message; JSON when absent
 */
export async function publishEvents(
  brokers: string,
  topic: string,
  count: number,
  robots = 1_000,
  encode: (event: BenchEvent) => Buffer | string = JSON.stringify
): Promise<void> {
  const producer = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING }).producer();
  await producer.connect();
  for (let sent = 0; sent < count; sent += MESSAGES_PER_REQUEST) {
    const size = Math.min(MESSAGES_PER_REQUEST, count - sent);
    const messages = Array.from({ length: size }, (_, i) => {
      const event = benchEvent(sent + i, robots);
      return { key: event.robot_id, value: encode(event) };
    });
    await producer.send({ topic, messages, acks: 1 });
  }
  await producer.disconnect();
}

function benchEvent(n: number, robots: number): BenchEvent {
  return {
    event_id: randomUUID(),
    robot_id: `amr-${String(n % robots).padStart(5, '0')}`,
    // Without a time zone, because the original consumer (Python 3.10) cannot parse one. Both read it as UTC.
    ts: new Date().toISOString().slice(0, -1),
    event_type: 'POSITION_UPDATE',
    task_id: `task-${n % 997}`,
    x: Math.round((n % 5_000) * 10.37) / 1000,
    y: Math.round((n % 3_000) * 9.73) / 1000,
    battery: 20 + (n % 80),
    error_code: null,
    meta: { firmware: '2.4.1', heading: Math.round((n % 628) * 10) / 1000 },
  };
}
