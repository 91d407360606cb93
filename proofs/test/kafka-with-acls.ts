import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startKafka, type Kafka } from '@floorwatch/servers/kafka';
import { claimPort, LOOPBACK } from '@floorwatch/servers/ports';
import { createTopic } from '@floorwatch/servers/topic';
import kafkajs, { type Admin, type SASLOptions } from 'kafkajs';
import { writeKafkaTools } from './kafka-tools.ts';

const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ConfigResourceTypes, ResourcePatternTypes } = kafkajs;
const SECURITY = 'org.apache.kafka.common.security';
/** The library that reads Kafka in the ClickHouse of these tests knows PLAIN and not SCRAM. Rights depend on the user alone. */
export const ENGINE_PASSWORD = 'engine-of-the-test';
const ADMIN_PASSWORD = 'admin-of-the-test';

/** A broker that denies everything without an ACL, and that others use: their topics, group, users, ACLs and quotas. */
export interface KafkaWithAcls {
  readonly kafka: Kafka;
  /** host:port of the listener with logins. */
  readonly brokers: string;
  /** Folder for files of the guide. It has admin.properties, and Kafka's console tools in bin/. */
  readonly dir: string;
  /** A user that ACLs do not limit. */
  readonly admin: Admin;
  /** Runs commands of the guide. @throws with their output when one fails */
  readonly run: (commands: string, env?: Readonly<Record<string, string>>) => string;
  /** All that this broker has for others than Floorwatch. */
  theirs(): Promise<Record<string, unknown>>;
  stop(): Promise<void>;
}

export async function startKafkaWithAcls(dir: string): Promise<KafkaWithAcls> {
  const port = await claimPort('Kafka', undefined, 'KAFKA_PORT');
  const loginPort = await claimPort('Kafka', undefined, 'KAFKA_PORT');
  const controllerPort = await claimPort('Kafka', undefined, 'KAFKA_PORT');
  const brokers = `${LOOPBACK}:${loginPort}`;
  const listeners = `PLAINTEXT://${LOOPBACK}:${port},LOGIN://${brokers}`;
  const jaas = 'listener.name.login';
  const kafka = await startKafka({
    ...{ dataDir: join(dir, 'kafka'), port },
    properties: {
      'controller.quorum.voters': `1@${LOOPBACK}:${controllerPort}`,
      listeners: `${listeners},CONTROLLER://${LOOPBACK}:${controllerPort}`,
      'advertised.listeners': listeners,
      'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,LOGIN:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT',
      'inter.broker.listener.name': 'PLAINTEXT',
      'sasl.enabled.mechanisms': 'SCRAM-SHA-512,PLAIN',
      [`${jaas}.scram-sha-512.sasl.jaas.config`]: `${SECURITY}.scram.ScramLoginModule required;`,
      [`${jaas}.plain.sasl.jaas.config`]: `${SECURITY}.plain.PlainLoginModule required user_floorwatch-engine="${ENGINE_PASSWORD}";`,
      'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      'super.users': 'User:admin;User:ANONYMOUS',
      'allow.everyone.if.no.acl.found': 'false',
    },
  });
  mkdirSync(join(dir, 'bin'));
  await writeKafkaTools(join(dir, 'bin'));
  const login = `${SECURITY}.scram.ScramLoginModule required username="admin" password="${ADMIN_PASSWORD}";`;
  writeFileSync(
    join(dir, 'admin.properties'),
    `security.protocol=SASL_PLAINTEXT\nsasl.mechanism=SCRAM-SHA-512\nsasl.jaas.config=${login}\n`
  );
  const admin = new kafkajs.Kafka({ brokers: [kafka.brokers], logLevel: kafkajs.logLevel.NOTHING }).admin();
  await admin.connect();
  const run = (commands: string, env: Readonly<Record<string, string>> = {}): string =>
    execFileSync('sh', ['-ec', commands], {
      ...{ cwd: dir, encoding: 'utf8', stdio: 'pipe', timeout: 120_000 },
      env: { PATH: `${join(dir, 'bin')}:${process.env['PATH'] ?? ''}`, HOME: dir, ...env },
    });
  fillWithTheirUsers(run, kafka.brokers);
  await addTheirAcls(admin);
  await fillWithTheirTopics(admin, kafka.brokers);
  return {
    ...{ kafka, brokers, dir, admin, run },
    theirs: async () => ({
      ...(await theirTopicsAndGroups(admin)),
      ...{ acls: await acls(admin, (principal) => !isOurs(principal)) },
      users: usersOf({ run, kafka }).filter((line) => !isOurs(line)),
      messages: globSync(join(dir, 'kafka/data/{orders,robot.telemetry.copy}-*/*.log'))
        .sort()
        .map((file) => createHash('sha256').update(readFileSync(file)).digest('hex')),
    }),
    stop: async () => {
      await admin.disconnect();
      await kafka.stop();
    },
  };
}

export function login(username: string, password: string): SASLOptions {
  return { mechanism: 'scram-sha-512', username, password };
}

const OURS = ['robots', 'floorwatch-ingestor', 'floorwatch-engine'];

function isOurs(text: string): boolean {
  return OURS.some((user) => text === `User:${user}` || text.includes(`'${user}'`));
}

/** Quotas and logins of all users, a line each. */
export function usersOf({ run, kafka }: Pick<KafkaWithAcls, 'run' | 'kafka'>): string[] {
  const described = run(`kafka-configs.sh --bootstrap-server ${kafka.brokers} --describe --entity-type users`);
  return described.split('\n').filter(Boolean).sort();
}

export async function acls(admin: Admin, wanted: (principal: string) => boolean): Promise<string[]> {
  const { resources } = await admin.describeAcls({
    ...{ resourceType: AclResourceTypes.ANY, resourcePatternType: ResourcePatternTypes.ANY },
    ...{ operation: AclOperationTypes.ANY, permissionType: AclPermissionTypes.ANY },
  });
  return resources
    .flatMap(({ acls: entries, ...resource }) => entries.map((entry) => ({ ...resource, ...entry })))
    .filter(({ principal }) => wanted(principal))
    .map((entry) => JSON.stringify(entry))
    .sort();
}

function fillWithTheirUsers(run: KafkaWithAcls['run'], brokers: string): void {
  const alter = `kafka-configs.sh --bootstrap-server ${brokers} --alter --entity-type users`;
  const scram = (user: string, password: string): string =>
    `${alter} --entity-name ${user} --add-config 'SCRAM-SHA-512=[iterations=4096,password=${password}]'`;
  run(`
    ${scram('admin', ADMIN_PASSWORD)}
    ${scram('billing', 'billing-of-the-test')}
    ${alter} --entity-name billing --add-config consumer_byte_rate=777777
    ${alter} --entity-default --add-config producer_byte_rate=50000000
  `);
}

/** Rights on names of ours or close to them too, because a deletion by pattern would hit them. */
async function addTheirAcls(admin: Admin): Promise<void> {
  const { TOPIC, GROUP } = AclResourceTypes;
  const { LITERAL, PREFIXED } = ResourcePatternTypes;
  const { ALL, READ, DESCRIBE, DELETE } = AclOperationTypes;
  const { ALLOW, DENY } = AclPermissionTypes;
  const principal = 'User:billing';
  await admin.createAcls({
    acl: (
      [
        [TOPIC, 'orders', LITERAL, ALL, ALLOW],
        [GROUP, 'billing', LITERAL, ALL, ALLOW],
        [TOPIC, 'robot.telemetry', LITERAL, READ, ALLOW],
        [TOPIC, 'robot.telemetry', LITERAL, DESCRIBE, ALLOW],
        [TOPIC, 'robot.telemetry', PREFIXED, READ, ALLOW],
        [GROUP, 'floorwatch-ingestor', PREFIXED, DELETE, DENY],
        [GROUP, 'floorwatch-engine', LITERAL, DESCRIBE, ALLOW],
      ] as const
    ).map(([resourceType, resourceName, resourcePatternType, operation, permissionType]) => ({
      ...{ principal, host: '*', resourceType, resourceName, resourcePatternType, operation, permissionType },
    })),
  });
}

async function fillWithTheirTopics(admin: Admin, brokers: string): Promise<void> {
  const client = new kafkajs.Kafka({ brokers: [brokers], logLevel: kafkajs.logLevel.NOTHING });
  const producer = client.producer();
  await producer.connect();
  for (const topic of ['orders', 'robot.telemetry.copy']) {
    await createTopic({ brokers, topic, partitions: 2, config: { 'retention.ms': '12345678' } });
    await producer.send({ topic, messages: [1, 2, 3].map((id) => ({ key: String(id), value: `{"order":${id}}` })) });
  }
  await producer.disconnect();
  for (const groupId of ['billing', 'floorwatch'])
    await admin.setOffsets({ groupId, topic: 'orders', partitions: [{ partition: 0, offset: '1' }] });
}

async function theirTopicsAndGroups(admin: Admin): Promise<Record<string, unknown>> {
  const topics = (await admin.listTopics()).filter((name) => !/^(__|robot\.telemetry$)/.test(name)).sort();
  const { topics: described } = await admin.fetchTopicMetadata({ topics });
  const { groups } = await admin.listGroups();
  const names = groups.map(({ groupId }) => groupId).filter((name) => !/^floorwatch-(ingestor|engine)/.test(name));
  return {
    topics: described.map(({ name, partitions }) => `${name}: ${partitions.length}`).sort(),
    configs: (
      await admin.describeConfigs({
        includeSynonyms: false,
        resources: topics.map((name) => ({ type: ConfigResourceTypes.TOPIC, name })),
      })
    ).resources,
    offsets: await Promise.all(
      names.sort().map(async (groupId) => ({ groupId, held: await admin.fetchOffsets({ groupId }) }))
    ),
  };
}
