import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startIngestRig, type IngestRig } from './ingest-rig.ts';

/** One topic per path, because a merge keeps only one row of an event that both have stored. */
const TOPICS = { ingestor: 'live', engine: 'live-engine' } as const;
const SEND_EVERY_MS = 50;
const SENDS = 100;
const EVENTS_PER_SEND = 4;
/** A batch stays open while many messages are produced. Each message must have its own time, not that of the first. */
const BATCH_MAX_MS = 2_000;

let rig: IngestRig;
beforeAll(async () => {
  rig = await startIngestRig({ engineTopic: TOPICS.engine });
});
afterAll(() => rig.stop());

/** Each event's `ts` is the time at which it is produced, and equal to the Kafka timestamp of its message. */
async function produceLive(): Promise<void> {
  for (let send = 0; send < SENDS; send++) {
    const nowMs = Date.now();
    const messages = Array.from({ length: EVENTS_PER_SEND }, (_, i) => {
      const event = { robot_id: `amr-${i}`, ts: nowMs, event_type: 'HEARTBEAT' };
      return { key: event.robot_id, timestamp: String(nowMs), value: JSON.stringify(event) };
    });
    messages.push({ key: 'amr-0', timestamp: String(nowMs), value: `bad ${nowMs}` });
    await Promise.all(Object.values(TOPICS).map((topic) => rig.produce(topic, messages)));
    await sleep(SEND_EVERY_MS);
  }
}

interface Stored {
  total: number;
  before: number;
  arrivals: number;
  in_future: number;
}

test('received_at is the arrival of each message, never before it was produced: long batches, both paths', async () => {
  await rig.createTopic(TOPICS.ingestor);
  const ingestor = await rig.startIngestor(TOPICS.ingestor, { BATCH_MAX_MS: String(BATCH_MAX_MS) });
  await produceLive();
  for (const [source, topic] of Object.entries(TOPICS)) {
    const events = await rig.eventually<Stored>(
      `SELECT toInt32(count()) AS total, toInt32(countIf(received_at < ts)) AS before,
         toInt32(uniqExact(received_at)) AS arrivals, toInt32(countIf(received_at > now64(3))) AS in_future
       FROM warehouse.telemetry_raw WHERE topic = '${topic}' AND source = '${source}'`,
      ({ total }) => total >= SENDS * EVENTS_PER_SEND
    );
    const produced = "fromUnixTimestamp64Milli(toInt64(splitByChar(' ', raw)[2]))";
    const letters = await rig.eventually<Stored>(
      `SELECT toInt32(count()) AS total, toInt32(countIf(received_at < ${produced})) AS before,
         toInt32(uniqExact(received_at)) AS arrivals, toInt32(countIf(received_at > now64(3))) AS in_future
       FROM warehouse.dead_letters WHERE topic = '${topic}' AND source = '${source}'`,
      ({ total }) => total >= SENDS
    );
    expect({ source, ...events }).toMatchObject({ source, total: SENDS * EVENTS_PER_SEND, before: 0, in_future: 0 });
    expect({ source, ...letters }).toMatchObject({ source, total: SENDS, before: 0, in_future: 0 });
    // 5 s of messages are three batches of 2 s, and are fetched every 100 ms.
    if (source === 'ingestor') expect(events.arrivals).toBeGreaterThan(10);
  }
  await ingestor.stop();
});

test('a Kafka timestamp slightly ahead of the arrival is received_at; one an hour ahead is a wrong clock and is not', async () => {
  await rig.createTopic('ahead');
  const ingestor = await rig.startIngestor('ahead');
  const nowMs = Date.now();
  const aheadMs = { slightly: 700, hour: 3_600_000 };
  const messages = Object.entries(aheadMs).map(([robot, ms]) => ({
    ...{ key: robot, timestamp: String(nowMs + ms) },
    value: JSON.stringify({ robot_id: robot, ts: nowMs }),
  }));
  await rig.produce('ahead', messages);
  const stored = await rig.eventually<{ total: number; slightly: number; hour: number }>(
    `SELECT toInt32(count()) AS total, ${['slightly', 'hour'].map((robot) => `toFloat64(toUnixTimestamp64Milli(anyIf(received_at, robot_id = '${robot}'))) AS ${robot}`).join()}
     FROM warehouse.telemetry_raw WHERE topic = 'ahead'`,
    ({ total }) => total >= 2
  );
  expect(stored.slightly).toBeGreaterThanOrEqual(nowMs + aheadMs.slightly);
  expect(stored.hour).toBeGreaterThanOrEqual(nowMs);
  expect(stored.hour).toBeLessThanOrEqual(Date.now());
  await ingestor.stop();
});
