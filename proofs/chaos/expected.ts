import { validate } from '@floorwatch/contract';
import { Kafka, logLevel } from 'kafkajs';

/** Counts of the topic, read by a consumer that shares only the contract with the ingestor. */
export interface ExpectedCounts {
  messages: number;
  /** Distinct event ids of valid events. */
  validEvents: number;
  /** Messages without a valid event. Every message here contains one event. */
  malformed: number;
}

/** Reads the whole topic up to its current end. */
export async function readExpected(brokers: string, topic: string): Promise<ExpectedCounts> {
  const kafka = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  const ends = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  const left = new Map(ends.filter((end) => end.high !== end.low).map((end) => [end.partition, Number(end.high)]));

  const ids = new Set<string>();
  const expected: ExpectedCounts = { messages: 0, validEvents: 0, malformed: 0 };
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
        for (const { value } of batch.messages) {
          expected.messages++;
          const id = validEventId(value);
          if (id === null) expected.malformed++;
          else ids.add(id);
        }
        if (Number(batch.lastOffset()) + 1 >= (left.get(batch.partition) ?? 0)) left.delete(batch.partition);
        if (left.size === 0) resolve();
        return Promise.resolve();
      },
    });
  });
  await consumer.disconnect();
  return { ...expected, validEvents: ids.size };
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
