import { validate } from '@floorwatch/contract';
import { Kafka, logLevel } from 'kafkajs';

/** What is in the topic, read by a consumer that shares only the contract with the ingestor. Every message contains one event. */
export interface Expected {
  messages: number;
  /** Event ids of valid events. */
  validIds: Set<string>;
  /** Kafka keys of messages without a valid event. No two of them have the same. */
  malformedKeys: Set<string>;
}

/** Reads the whole topic up to its current end. What Kafka itself has lost is not expected. */
export async function readExpected(brokers: string, topic: string): Promise<Expected> {
  const kafka = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  const ends = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  const left = new Map(ends.filter((end) => end.high !== end.low).map((end) => [end.partition, Number(end.high)]));

  const expected: Expected = { messages: 0, validIds: new Set(), malformedKeys: new Set() };
  const consumer = kafka.consumer({ groupId: `chaos-expected-${process.pid}-${Date.now()}` });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await new Promise<void>((resolve, reject) => {
    if (left.size === 0) resolve();
    consumer.on('consumer.crash', ({ payload }) => {
      reject(payload.error);
    });
    void consumer.run({
      autoCommit: false,
      eachBatch: ({ batch }) => {
        for (const { key, value } of batch.messages) {
          expected.messages++;
          const id = validEventId(value);
          if (id === null) expected.malformedKeys.add(key?.toString() ?? '');
          else expected.validIds.add(id);
        }
        if (Number(batch.lastOffset()) + 1 >= (left.get(batch.partition) ?? 0)) left.delete(batch.partition);
        if (left.size === 0) resolve();
        return Promise.resolve();
      },
    });
  });
  await consumer.disconnect();
  return expected;
}

function validEventId(value: Buffer | null): string | null {
  try {
    const verdict = validate(
      JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(value ?? Buffer.alloc(0))),
      Date.now()
    );
    return verdict.ok ? verdict.value.eventId : null;
  } catch {
    return null;
  }
}
