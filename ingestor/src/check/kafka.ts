import kafkajs, { type Admin } from 'kafkajs';
import { pino } from 'pino';
import type { Config } from '../config/config.ts';
import { consumerGroup } from '../consumer-group.ts';
import { createKafka } from '../kafka/kafka-client.ts';
import { failed, messageOf, ok, type Finding } from './finding.ts';
import { groupFindings, type GroupPartition } from './group.ts';
import { missingTopic, topicFindings } from './topic.ts';

const RETRIES = 1;
const AHEAD_MS = 60_000;
const SETTINGS = ['retention.ms', 'max.message.bytes', 'cleanup.policy'];

export async function kafkaFindings(config: Config): Promise<Finding[]> {
  const admin = createKafka(config.kafka, pino({ level: 'silent' }), RETRIES).admin();
  const check = 'kafka';
  const brokers = config.kafka.brokers.join(',');
  try {
    await admin.connect();
    const cluster = await admin.describeCluster();
    const findings = [ok(check, `${cluster.brokers.length} brokers at ${brokers}, cluster ${cluster.clusterId}`)];
    return [...findings, ...(await topicsAndGroup(admin, config))];
  } catch (error) {
    return [failed(check, `${brokers}: ${messageOf(error)}`, kafkaRemedy(messageOf(error)))];
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

/** What to look at, by what kafkajs says. */
export function kafkaRemedy(message: string): string {
  if (/token endpoint/i.test(message)) return 'Check the KAFKA_OAUTH_* variables.';
  if (/SASL|authenticat|credentials/i.test(message))
    return 'Check KAFKA_SASL_MECHANISM and its user and password; is KAFKA_TLS what the listener expects?';
  if (/certificate|SSL|TLS|alert|handshake/i.test(message))
    return 'Check KAFKA_TLS and the KAFKA_TLS_*_FILE variables.';
  if (/authoriz|not allowed/i.test(message))
    return 'Allow Describe on the cluster and Read and Describe on topics and group.';
  return 'Is KAFKA_BROKERS right, is it running, and is KAFKA_TLS what its listener expects?';
}

async function topicsAndGroup(admin: Admin, config: Config): Promise<Finding[]> {
  const findings: Finding[] = [];
  const partitions: GroupPartition[] = [];
  const known = await admin.listTopics();
  const groupId = consumerGroup(config);
  for (const topic of config.kafka.topics) {
    if (!known.includes(topic)) {
      findings.push(missingTopic(topic, known.filter((name) => !name.startsWith('__')).sort()));
      continue;
    }
    const marks = await admin.fetchTopicOffsets(topic);
    findings.push(...topicFindings(await topicFacts(admin, topic, marks)));
    const [held] = await admin.fetchOffsets({ groupId, topics: [topic] });
    const committed = new Map(held?.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
    for (const { partition, low, high } of marks) {
      const offset = committed.get(partition) ?? -1;
      const committedOffset = offset < 0 ? null : offset;
      partitions.push({ topic, partition, low: Number(low), high: Number(high), committed: committedOffset });
    }
  }
  const { groups } = await admin.describeGroups([groupId]);
  const [group] = groups;
  const { clientId } = config.kafka;
  const members = group?.members ?? [];
  return [...findings, ...groupFindings({ groupId, clientId, state: group?.state ?? 'Dead', members, partitions })];
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

/** Empty when they may not be read. */
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
