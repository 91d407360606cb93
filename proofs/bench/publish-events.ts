import { randomUUID } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';

const MESSAGES_PER_REQUEST = 2_000;

/** Publishes valid events of about 260 bytes, with the robot as key, as fast as the broker accepts them. */
export async function publishEvents(brokers: string, topic: string, count: number, robots = 1_000): Promise<void> {
  const producer = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING }).producer();
  await producer.connect();
  for (let sent = 0; sent < count; sent += MESSAGES_PER_REQUEST) {
    const size = Math.min(MESSAGES_PER_REQUEST, count - sent);
    const messages = Array.from({ length: size }, (_, i) => event(sent + i, robots));
    await producer.send({ topic, messages, acks: 1 });
  }
  await producer.disconnect();
}

function event(n: number, robots: number): { key: string; value: string } {
  const key = `amr-${String(n % robots).padStart(5, '0')}`;
  const value = JSON.stringify({
    event_id: randomUUID(),
    robot_id: key,
    // Without a time zone, because the original consumer (Python 3.10) cannot parse one. Both read it as UTC.
    ts: new Date().toISOString().slice(0, -1),
    event_type: 'POSITION_UPDATE',
    task_id: `task-${n % 997}`,
    x: Math.round((n % 5_000) * 10.37) / 1000,
    y: Math.round((n % 3_000) * 9.73) / 1000,
    battery: 20 + (n % 80),
    error_code: null,
    meta: { firmware: '2.4.1', heading: Math.round((n % 628) * 10) / 1000 },
  });
  return { key, value };
}
