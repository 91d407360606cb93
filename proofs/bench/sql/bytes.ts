import { createTopic } from '@floorwatch/servers/topic';
import { Kafka, logLevel, type Message } from 'kafkajs';
import { FLOORWATCH } from './consumers.ts';
import type { Measure } from './measure.ts';
import { consume } from './path-a.ts';
import type { ReportedEvent } from './reporting-fleet.ts';
import { firstRow, type SqlBenchServers } from './sql-servers.ts';

const TOPIC = 'bench.fleet';
const MAX_BYTES_PER_EVENT = 20;
const HOUR_MS = 3_600_000;

/** The events of a fleet in batches, in the order of their times. */
export type Fleet = Iterable<ReportedEvent[]> | AsyncIterable<ReportedEvent[]>;

/** Measures the bytes on disk per event of a fleet, stored by path A and merged, with all columns. */
export async function measureBytes(servers: SqlBenchServers, fleet: Fleet): Promise<Measure> {
  const { owner } = servers;
  const events = await publishFleet(servers.kafka.brokers, fleet);
  await consume(servers, FLOORWATCH, { topic: TOPIC, events, idle: 0 });
  await owner.command({ query: 'OPTIMIZE TABLE telemetry_raw FINAL' });
  const { bytes, rows } = await firstRow<{ bytes: number; rows: number }>(
    owner,
    `SELECT sum(bytes_on_disk) AS bytes, sum(rows) AS rows FROM system.parts
     WHERE database = 'warehouse' AND table = 'telemetry_raw' AND active`
  );
  const value = bytes / rows;
  return {
    ...{ measure: 'bytes_per_event', value, required: `<= ${MAX_BYTES_PER_EVENT}`, ok: value <= MAX_BYTES_PER_EVENT },
    events: rows,
  };
}

/** Publishes the events of a fleet at full speed, with times that start an hour ago. @returns the number of events */
async function publishFleet(brokers: string, fleet: Fleet): Promise<number> {
  await createTopic({ brokers, topic: TOPIC, partitions: 4 });
  const producer = new Kafka({ brokers: [brokers], logLevel: logLevel.ERROR }).producer();
  await producer.connect();
  let shiftMs: number | undefined;
  let events = 0;
  for await (const batch of fleet) {
    const messages = batch.map((event): Message => {
      shiftMs ??= Date.now() - HOUR_MS - Date.parse(event.ts);
      const ts = new Date(Date.parse(event.ts) + shiftMs).toISOString();
      return { key: event.robot_id, value: JSON.stringify({ ...event, ts }) };
    });
    await producer.send({ topic: TOPIC, messages });
    events += messages.length;
  }
  await producer.disconnect();
  return events;
}
