import type { ClickHouseClient } from '@clickhouse/client';
import type { Admin, Kafka } from 'kafkajs';
import { BinaryInsert } from '../clickhouse/binary-insert.ts';
import { feedViewsAgain } from '../clickhouse/feed-views.ts';
import { CommandError } from '../errors/errors.ts';
import type { TopicPartition } from '../kafka/group-consumer.ts';
import { formatCheckpoint, parseCheckpoint, type Checkpoint } from '../pipeline/checkpoint-metadata.ts';
import { DEAD_LETTER_COLUMNS, writeDeadLetterRow } from '../rows/dead-letter-row.ts';
import { SOURCE_INGESTOR } from '../rows/origin.ts';
import { RowBinaryWriter } from '../rows/row-binary-writer.ts';

const COMMIT_TIMEOUT_MS = 60_000;
/** Not the part of an event, so that the row does not replace the dead letter of one at the same offset. */
const PART = 0xffff_ffff;

export interface SkipOptions {
  kafka: Kafka;
  client: ClickHouseClient;
  groupId: string;
  timeoutMs: number;
  of: TopicPartition;
  /** The group continues here. */
  toOffset: number;
  /** Check; change nothing. */
  isDryRun: boolean;
}

export interface SkipReport {
  topic: string;
  partition: number;
  group: string;
  /** The committed offset before. */
  from: number;
  to: number;
  /** Number of offsets that are not read. */
  skipped: number;
  dry_run: boolean;
}

/**
 * Moves the group's offset of one partition forward. The skipped offsets become one dead letter, which is stored first.
 * @throws CommandError if the group has members, or the offset is not between the committed one and the end of the log
 */
export async function skipOffsets(options: SkipOptions): Promise<SkipReport> {
  const { kafka, groupId, of, toOffset, isDryRun } = options;
  const admin = kafka.admin();
  await admin.connect();
  try {
    const { from, checkpoint } = await checkedPosition(admin, options);
    const report = { ...of, group: groupId, from, to: toOffset, skipped: toOffset - from, dry_run: isDryRun };
    if (isDryRun) return report;
    await storeDeadLetter(options, from);
    if (checkpoint?.claim) await feedClaimed(options, { first: from, last: checkpoint.claim.last });
    // Without the marks, which are before the skipped messages: to find them, the ingestor would read these.
    const metadata = checkpoint ? formatCheckpoint({ ...checkpoint, claim: null, marks: [] }) : '';
    await commitAlone(kafka, groupId, of, toOffset, metadata);
    return report;
  } finally {
    await admin.disconnect();
  }
}

async function checkedPosition(
  admin: Admin,
  { groupId, of: { topic, partition }, toOffset }: SkipOptions
): Promise<{ from: number; checkpoint: Checkpoint | null }> {
  const [group] = (await admin.describeGroups([groupId])).groups;
  const members = group?.members.length ?? 0;
  if (members > 0) {
    const left = 'Stop every ingestor of the group, wait for its session timeout, skip, and start them again.';
    throw new CommandError(
      'skip',
      `the group ${groupId} has ${members} members, which would commit other offsets. ${left}`
    );
  }
  if (!(await admin.listTopics()).includes(topic))
    throw new CommandError('skip', `--topic: there is no topic ${topic}`);
  const log = (await admin.fetchTopicOffsets(topic)).find((each) => each.partition === partition);
  if (!log) throw new CommandError('skip', `--partition: ${topic} has no partition ${partition}`);
  const [held] = await admin.fetchOffsets({ groupId, topics: [topic] });
  const committed = held?.partitions.find((each) => each.partition === partition);
  const offset = Number(committed?.offset ?? -1);
  const from = Math.max(offset, Number(log.low));
  const checkpoint = offset < 0 ? null : parseCheckpoint(committed?.metadata ?? '');
  if (toOffset <= from || toOffset > Number(log.high)) {
    const allowed = `between ${from + 1} and ${log.high}`;
    throw new CommandError(
      'skip',
      `--to-offset must be ${allowed}: the group continues at ${from}, the log ends at ${log.high}`
    );
  }
  const claim = checkpoint?.claim;
  if (claim && toOffset <= claim.last) {
    const why = `the insert of offsets ${from} to ${claim.last} may have been stored, and a part of it would be stored twice`;
    throw new CommandError('skip', `--to-offset must be at least ${claim.last + 1}: ${why}`);
  }
  return { from, checkpoint };
}

/** The insert of the claimed batch may have stored its events before the views had them, and nobody repeats it. */
async function feedClaimed(
  { client, of, timeoutMs }: SkipOptions,
  offsets: { first: number; last: number }
): Promise<void> {
  const range = { of, ...offsets, source: SOURCE_INGESTOR, times: null, newestMs: 0 };
  await feedViewsAgain(client, range, timeoutMs, new AbortController().signal);
}

async function storeDeadLetter({ client, groupId, timeoutMs, of, toOffset }: SkipOptions, from: number): Promise<void> {
  const detail = `offsets ${from} to ${toOffset - 1} were skipped by \`ingestor skip\``;
  const nothing = Buffer.alloc(0);
  const rows = new RowBinaryWriter(256);
  writeDeadLetterRow(
    rows,
    { reason: 'skipped_by_operator', detail, raw: nothing, key: null },
    { ...of, offset: from, part: PART, receivedAtMs: Date.now() }
  );
  const insert = new BinaryInsert(client, { name: 'dead_letters', columns: DEAD_LETTER_COLUMNS }, timeoutMs);
  const token = `skip:${groupId}:${of.topic}:${of.partition}:${from}-${toOffset}:${Date.now()}`;
  await insert.run(rows.bytes(), token, new AbortController().signal);
}

/** Joins the group, which has no other members, and commits. Kafka accepts a commit with metadata only from a member. */
async function commitAlone(
  kafka: Kafka,
  groupId: string,
  { topic, partition }: TopicPartition,
  offset: number,
  metadata: string
): Promise<void> {
  const consumer = kafka.consumer({ groupId });
  const joined = new Promise<void>((resolve, reject) => {
    consumer.on('consumer.group_join', () => {
      consumer.pause([{ topic }]);
      resolve();
    });
    consumer.on('consumer.crash', ({ payload }) => {
      reject(payload.error);
    });
    setTimeout(() => {
      reject(new CommandError('skip', `the group ${groupId} could not be joined within ${COMMIT_TIMEOUT_MS / 1000} s`));
    }, COMMIT_TIMEOUT_MS).unref();
  });
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch: () => Promise.resolve() });
    await joined;
    await consumer.commitOffsets([{ topic, partition, offset: String(offset), metadata }]);
  } finally {
    await consumer.disconnect();
  }
}
