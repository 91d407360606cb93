import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Kafka, logLevel, type Admin } from 'kafkajs';

const RETRY_MS = 500;
const PATIENCE_MS = 120_000;

/**
 * Commits offset 0 of every partition for a new group, as an ingestor of the group that has read an empty topic would. Without this
 * checkpoint, an ingestor compares what it reads with storage. Resolves when the group has the offsets and no members.
 * @throws Error when Kafka does not accept them in time
 */
export async function commitStart(brokers: string, groupId: string, topic: string, partitions: number): Promise<void> {
  const kafka = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  try {
    // As ingestor/src/pipeline/checkpoint-metadata.ts formats it
    const metadata = JSON.stringify({ v: 1, epoch: randomBytes(4).toString('hex') });
    const offsets = Array.from({ length: partitions }, (_, partition) => ({ topic, partition, offset: '0', metadata }));
    for (const deadlineMs = Date.now() + PATIENCE_MS; ;) {
      await commitAsMember(kafka, groupId, topic, offsets);
      await untilEmpty(admin, groupId, deadlineMs);
      const [held] = await admin.fetchOffsets({ groupId, topics: [topic] });
      if (held?.partitions.filter(({ offset }) => offset === '0').length === partitions) return;
      if (Date.now() > deadlineMs) throw new Error(`Kafka has not stored the start of the group ${groupId}`);
      await sleep(RETRY_MS);
    }
  } finally {
    await admin.disconnect();
  }
}

async function commitAsMember(
  kafka: Kafka,
  groupId: string,
  topic: string,
  offsets: { topic: string; partition: number; offset: string; metadata: string }[]
): Promise<void> {
  const consumer = kafka.consumer({ groupId, sessionTimeout: 6_000 });
  await consumer.connect();
  try {
    await consumer.subscribe({ topic });
    const joined = new Promise((resolve) => consumer.on('consumer.group_join', resolve));
    await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch: () => Promise.resolve() });
    await joined;
    await consumer.commitOffsets(offsets).catch(() => undefined); // The offsets are checked.
  } finally {
    await consumer.disconnect();
  }
}

/** A member that is left would read partitions. */
async function untilEmpty(admin: Admin, groupId: string, deadlineMs: number): Promise<void> {
  for (;;) {
    const [group] = (await admin.describeGroups([groupId])).groups;
    if (group?.members.length === 0) return;
    if (Date.now() > deadlineMs) throw new Error(`the group ${groupId} still has members`);
    await sleep(RETRY_MS);
  }
}
