import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';
import { CommandError } from '../errors/errors.ts';
import { awaitAnsweringBroker } from '../kafka/answering-broker.ts';
import { createKafka } from '../kafka/kafka-client.ts';
import { createKafkajsConsumer } from '../kafka/kafkajs-consumer.ts';
import { isTopicPattern } from '../config/topic-entries.ts';
import { formatOffsets, parseBound } from './bound.ts';
import type { ReplayCounts } from './counts.ts';
import { messagesOf, readSample, sampleText, offsetsText } from './estimate.ts';
import { replayOffsets } from './replay-offsets.ts';
import { resolveOffsets, type OffsetRange } from './offset-range.ts';
import { readTopicLog } from './topic-log.ts';

/** About 5 s, because a user waits for the command. Later, reading retries like the live path. */
const ADMIN_RETRIES = 4;

export interface TopicReplayOptions {
  /** Default: the only topic of the configuration. */
  topic?: string | undefined;
  /** In the format of `parseBound`. */
  from: string;
  to: string;
  /** Estimate; change nothing. */
  isDryRun: boolean;
  /** Store events that are already stored, too. */
  overwrite: boolean;
  /** Stops the replay early, after storing what was read. */
  signal: AbortSignal;
  say: (line: string) => void;
  log: Logger;
}

export interface TopicReplayReport extends Partial<ReplayCounts> {
  topic: string;
  /** The resolved offsets by partition, excluding `to`. */
  from: string;
  to: string;
  /** Number of offsets from `from` to `to`. */
  span: number;
  complete: boolean;
  /** The command to continue; absent when the replay is complete. */
  go_on?: string;
}

/**
 * Reads a range of a topic again with a temporary consumer group. The live group's offsets do not change.
 * @throws NoBrokerAnswersError, or CommandError naming the invalid flag
 */
export async function replayTopic(config: Config, options: TopicReplayOptions): Promise<TopicReplayReport> {
  const { say, log, isDryRun } = options;
  const nowMs = Date.now();
  const topic = topicOf(config, options.topic);
  const from = parseBound('--from', options.from, nowMs);
  const to = parseBound('--to', options.to, nowMs);
  const groupId = `${config.kafka.groupId}-replay-${nowMs.toString(36)}`;
  await awaitAnsweringBroker(config.kafka.brokers);
  const kafka = createKafka(config.kafka, log);
  const admin = createKafka(config.kafka, log, ADMIN_RETRIES).admin();
  let isConnected = false;
  try {
    await admin.connect();
    isConnected = true;
    const { ranges, notices } = await resolveOffsets(await readTopicLog(admin, topic), from, to, nowMs);
    say(`${topic}, read as ${config.formats.byTopic.get(topic) ?? 'json'} by the consumer group ${groupId}`);
    for (const notice of notices) say(`  ${notice}`);
    say(ranges.length > 0 ? offsetsText(ranges) : '  no messages between --from and --to');
    const report = { ...rangeOf(ranges), topic, span: messagesOf(ranges) };
    if (ranges.length === 0) return { ...report, complete: !isDryRun };
    const consumer = createKafkajsConsumer(kafka, { ...config.kafka, topics: [topic], groupId, log });
    if (isDryRun) {
      say(sampleText(ranges, await readSample(consumer, topic, ranges)));
      return { ...report, complete: false };
    }
    const { counts, remaining } = await replayOffsets(config, { ...options, topic, ranges, consumer });
    const rest = rangeOf(remaining);
    const complete = remaining.length === 0;
    const again = `ingestor replay --topic ${topic} --from ${rest.from} --to ${rest.to}`;
    return {
      ...{ ...report, ...counts, complete },
      ...(!complete && { go_on: options.overwrite ? `${again} --overwrite` : again }),
    };
  } finally {
    // If the group cannot be deleted, Kafka removes it later, because it has no members.
    if (isConnected) await admin.deleteGroups([groupId]).catch(() => undefined);
    await admin.disconnect();
  }
}

function rangeOf(ranges: readonly OffsetRange[]): { from: string; to: string } {
  return {
    from: formatOffsets(new Map(ranges.map((range) => [range.partition, range.from]))),
    to: formatOffsets(new Map(ranges.map((range) => [range.partition, range.to]))),
  };
}

function topicOf({ kafka: { topics } }: Config, asked: string | undefined): string {
  if (asked !== undefined) return asked;
  const [only, ...others] = topics;
  if (only !== undefined && others.length === 0 && !isTopicPattern(only)) return only;
  throw new CommandError('replay', `--topic must name one of ${topics.join(', ')}`);
}
