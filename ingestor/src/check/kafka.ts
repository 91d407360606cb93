import kafkajs, { type Admin } from 'kafkajs';
import pRetry from 'p-retry';
import { pino } from 'pino';
import { consumerGroup, type Config } from '../config/config.ts';
import { awaitAnsweringBroker, NoBrokerAnswersError } from '../kafka/answering-broker.ts';
import { createKafka } from '../kafka/kafka-client.ts';
import { namesTopic } from '../config/topic-entries.ts';
import { topicsOf } from '../kafka/topics.ts';
import { failed, messageOf, ok, type Finding } from './finding.ts';
import { groupFindings, type GroupPartition } from './group.ts';
import { missingTopic, topicFindings } from './topic.ts';

const RETRIES = 4;
const NOT_REACHED = 'Check KAFKA_BROKERS, that Kafka is running, and that KAFKA_TLS matches its listener.';
/** A broker that has just started first loads its groups. kafkajs does not wait for that. */
const LOADING = /coordinator is/i;
const LOADING_RETRIES = 12;
const LOADING_RETRY_MS = 1_000;
const AHEAD_MS = 60_000;
const SETTINGS = ['retention.ms', 'max.message.bytes', 'cleanup.policy'];

export async function kafkaFindings(config: Config): Promise<Finding[]> {
  const admin = createKafka(config.kafka, pino({ level: 'silent' }), RETRIES).admin();
  const check = 'kafka';
  const brokers = config.kafka.brokers.join(',');
  try {
    await awaitAnsweringBroker(config.kafka.brokers);
    await admin.connect();
    const cluster = await admin.describeCluster();
    const findings = [ok(check, `${cluster.brokers.length} brokers at ${brokers}, cluster ${cluster.clusterId}`)];
    return [...findings, ...(await topicsAndGroup(admin, config))];
  } catch (error) {
    if (error instanceof NoBrokerAnswersError) return [failed(check, error.message, NOT_REACHED)];
    return [failed(check, `${brokers}: ${messageOf(error)}`, kafkaRemedy(messageOf(error)))];
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

/** What to check, according to the message of kafkajs. */
export function kafkaRemedy(message: string): string {
  if (LOADING.test(message)) return 'Kafka is still loading its groups. Retry in a moment.';
  if (/token endpoint/i.test(message)) return 'Check the KAFKA_OAUTH_* variables.';
  if (message.includes('AWS credentials'))
    return 'Give the pod or machine an IAM role with kafka-cluster:Connect, or set AWS_PROFILE or AWS_ACCESS_KEY_ID.';
  if (/SASL|authenticat|credentials/i.test(message))
    return 'Check KAFKA_SASL_MECHANISM, user and password, and that KAFKA_TLS matches the listener.';
  if (/certificate|SSL|TLS|alert|handshake/i.test(message))
    return 'Check KAFKA_TLS and the KAFKA_TLS_*_FILE variables.';
  if (/authoriz|not allowed/i.test(message))
    return 'Allow Describe on the cluster, and Read and Describe on the topics and the group.';
  return NOT_REACHED;
}

async function topicsAndGroup(admin: Admin, config: Config): Promise<Finding[]> {
  const findings: Finding[] = [];
  const logs: TopicLog[] = [];
  const known = await admin.listTopics();
  const { topics: entries, deadLetterTopic } = config.kafka;
  const topics = await topicsOf({ ask: (question) => question(admin) }, entries, deadLetterTopic);
  const unmatched = entries.filter((entry) => !topics.some((topic) => namesTopic([entry], topic)));
  for (const entry of unmatched)
    findings.push(failed(`topics ${entry}`, 'no topic matches', 'Create the topics, or correct KAFKA_TOPIC.'));
  for (const topic of topics) {
    if (!known.includes(topic)) {
      findings.push(missingTopic(topic, known.filter((name) => !name.startsWith('__')).sort()));
      continue;
    }
    const marks = await admin.fetchTopicOffsets(topic);
    logs.push({ topic, marks });
    findings.push(...topicFindings(await topicFacts(admin, topic, marks)));
  }
  if (deadLetterTopic !== null) {
    const check = `topic ${deadLetterTopic}`;
    const missing = 'DEAD_LETTER_TOPIC does not exist, so partitions with a dead letter wait';
    findings.push(
      known.includes(deadLetterTopic)
        ? ok(check, 'gets copies of rejected messages')
        : failed(check, missing, 'Create it, or unset DEAD_LETTER_TOPIC.')
    );
  }
  return [...findings, ...(await groupFindingsOf(admin, config, logs))];
}

interface TopicLog {
  topic: string;
  marks: readonly { partition: number; low: string; high: string }[];
}

async function groupFindingsOf(admin: Admin, config: Config, logs: readonly TopicLog[]): Promise<Finding[]> {
  const groupId = consumerGroup(config);
  try {
    return await pRetry(() => readGroup(admin, config.kafka.clientId, groupId, logs), {
      ...{ retries: LOADING_RETRIES, minTimeout: LOADING_RETRY_MS, factor: 1 },
      shouldRetry: ({ error }) => LOADING.test(error.message),
    });
  } catch (error) {
    return [failed(`group ${groupId}`, messageOf(error), kafkaRemedy(messageOf(error)))];
  }
}

async function readGroup(admin: Admin, clientId: string, groupId: string, logs: readonly TopicLog[]) {
  const partitions: GroupPartition[] = [];
  for (const { topic, marks } of logs) {
    const [held] = await admin.fetchOffsets({ groupId, topics: [topic] });
    const offsets = new Map(held?.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
    for (const { partition, low, high } of marks) {
      const offset = offsets.get(partition) ?? -1;
      const committed = offset < 0 ? null : offset;
      partitions.push({ topic, partition, low: Number(low), high: Number(high), committed });
    }
  }
  const [group] = (await admin.describeGroups([groupId])).groups;
  const { state = 'Dead', members = [] } = group ?? {};
  return groupFindings({ groupId, clientId, state, members, partitions });
}

async function topicFacts(admin: Admin, topic: string, marks: readonly { partition: number; high: string }[]) {
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
  const partitions = topics[0]?.partitions ?? [];
  const ahead = await admin.fetchTopicOffsetsByTimestamp(topic, Date.now() + AHEAD_MS);
  const stampedAhead = ahead.reduce((sum, { partition, offset }) => {
    const high = Number(marks.find((mark) => mark.partition === partition)?.high ?? 0);
    return Number(offset) < 0 ? sum : sum + Math.max(0, high - Number(offset));
  }, 0);
  return {
    topic,
    partitions: partitions.length,
    leaderless: partitions.filter(({ leader }) => leader < 0).length,
    settings: await settingsOf(admin, topic),
    stampedAhead,
  };
}

/** Empty when the user has no right to read them. */
async function settingsOf(admin: Admin, topic: string): Promise<Map<string, string>> {
  try {
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic, configNames: SETTINGS }],
    });
    return new Map(resources[0]?.configEntries.map(({ configName, configValue }) => [configName, configValue]));
  } catch {
    return new Map();
  }
}
