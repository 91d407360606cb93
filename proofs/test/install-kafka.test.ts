import { existsSync, mkdirSync, mkdtempSync, readFileSync, cpSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stopAllChildren } from '@floorwatch/servers/child';
import { startClickHouse, type ClickHouse } from '@floorwatch/servers/clickhouse';
import { runIngestorCommand, startIngestor } from '@floorwatch/servers/ingestor';
import { REPOSITORY_DIR } from '@floorwatch/servers/paths';
import kafkajs, { type Kafka, type SASLOptions } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { send } from '../access/attempt.ts';
import { acls, ENGINE_PASSWORD, login, startKafkaWithAcls, usersOf, type KafkaWithAcls } from './kafka-with-acls.ts';

const dir = mkdtempSync(join(tmpdir(), 'floorwatch-install-kafka-'));
const guide = readFileSync(join(REPOSITORY_DIR, 'docs/how-to/install-kafka.md'), 'utf8');
const TOPIC = 'robot.telemetry';
let broker: KafkaWithAcls;
let clickHouse: ClickHouse;
let before: Record<string, unknown>;

beforeAll(async () => {
  broker = await startKafkaWithAcls(dir);
  clickHouse = await startClickHouse({
    ...{ dataDir: join(dir, 'clickhouse'), configDir: clickHouseConfig() },
    env: { KAFKA_BROKERS: broker.brokers, KAFKA_ENGINE_PASSWORD: ENGINE_PASSWORD },
  });
});
afterAll(async () => {
  await stopAllChildren();
  rmSync(dir, { recursive: true, force: true });
});

/** All commands of a section of the guide, for this broker. The checkout is not the folder in which they run here. */
function commandsOf(section: string): string {
  const [preamble = '', body = ''] = guide.split(new RegExp(`^## ${section}.*$`, 'm'));
  const [own = ''] = body.split(/^## /m);
  const address = /^ {4}export KAFKA=.*$/m.exec(preamble)?.[0] ?? 'false';
  return [address, ...own.split('\n').filter((line) => line.startsWith('    '))]
    .map((line) => line.slice(4).replaceAll('kafka:9092', broker.brokers))
    .map((line) => line.replace('npm run -s ingestor --', `node ${join(REPOSITORY_DIR, 'ingestor/src/main.ts')}`))
    .join('\n');
}

/** The configuration of the repository, with the login of path A. */
function clickHouseConfig(): string {
  const folder = join(dir, 'clickhouse-config');
  for (const name of ['config.xml', 'users.xml', 'users.d'])
    cpSync(join(REPOSITORY_DIR, 'sql/server', name), join(folder, name), { recursive: true });
  mkdirSync(join(folder, 'config.d'));
  writeFileSync(
    join(folder, 'config.d/login.xml'),
    `<clickhouse><named_collections><floorwatch_kafka><kafka>
  <security_protocol>sasl_plaintext</security_protocol><sasl_mechanism>PLAIN</sasl_mechanism>
  <session_timeout_ms>6000</session_timeout_ms><sasl_username>floorwatch-engine</sasl_username><sasl_password from_env="KAFKA_ENGINE_PASSWORD"/>
</kafka></floorwatch_kafka></named_collections></clickhouse>`
  );
  return folder;
}

const passwordOf = (user: string): string => readFileSync(join(dir, `${user}.password`), 'utf8');

function clientOf(user: string): Kafka {
  const sasl: SASLOptions =
    user === 'floorwatch-engine'
      ? { mechanism: 'plain', username: user, password: ENGINE_PASSWORD }
      : login(user, passwordOf(user));
  const { NOTHING } = kafkajs.logLevel;
  return new kafkajs.Kafka({ brokers: [broker.brokers], sasl, logLevel: NOTHING, retry: { retries: 2 } });
}

/** kafkajs has one message for all reasons why it cannot ask for the coordinator of a group. */
const DENIED = /not authorized|authorization failed|Failed to find group coordinator/i;

/** @returns `allowed`, or the messages of the error and of those that it wraps */
async function outcome(action: Promise<unknown>): Promise<string> {
  return action.then(
    () => 'allowed',
    (error: unknown) => JSON.stringify(error, Object.getOwnPropertyNames(error))
  );
}

async function publish(user: string, topic: string, values: readonly string[]): Promise<void> {
  const producer = clientOf(user).producer({ idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  try {
    await producer.send({ topic, messages: values.map((value) => ({ value })) });
  } finally {
    await producer.disconnect();
  }
}

/** Reads until the first message or the first error. */
async function read(user: string, topic: string, groupId: string): Promise<void> {
  const consumer = clientOf(user).consumer({ groupId, retry: { retries: 0 } });
  try {
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      consumer.on('consumer.crash', ({ payload }) => {
        reject(payload.error);
      });
      const eachMessage = (): Promise<void> => {
        resolve();
        return Promise.resolve();
      };
      consumer.run({ eachMessage }).catch(reject);
    });
  } finally {
    await consumer.disconnect();
  }
}

async function asAdminOf<Answer>(
  user: string,
  ask: (admin: ReturnType<Kafka['admin']>) => Promise<Answer>
): Promise<Answer> {
  const admin = clientOf(user).admin();
  await admin.connect();
  try {
    return await ask(admin);
  } finally {
    await admin.disconnect();
  }
}

const events = (robot: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) =>
    JSON.stringify({ event_id: crypto.randomUUID(), robot_id: robot, ts: Date.now() - i * 100, state: 'idle' })
  );

function ingestorEnv(): Record<string, string> {
  return {
    ...{ KAFKA_BROKERS: broker.brokers, KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512', INGEST_PATH: 'both' },
    ...{ KAFKA_SASL_USERNAME: 'floorwatch-ingestor', KAFKA_SASL_PASSWORD: passwordOf('floorwatch-ingestor') },
    ...{ CLICKHOUSE_URL: clickHouse.url, CLICKHOUSE_PASSWORD: clickHouse.passwords.writer },
  };
}

const logFile = join(dir, 'ingestor.log');
const groups = async (): Promise<string[]> =>
  (await broker.admin.listGroups()).groups.map(({ groupId }) => groupId).sort();

/** Runs a statement as the owner. */
async function asOwner(statement: string): Promise<string> {
  const owner = { user: 'floorwatch_owner', password: clickHouse.passwords.owner };
  const { text, error } = await send(clickHouse.url, owner, statement);
  if (error !== undefined) throw new Error(`${statement}: ${text}`);
  return text;
}

describe('a Kafka with ACLs that others use, and docs/how-to/install-kafka.md', () => {
  test('the commands of the guide create the topic, the users, their rights and limits', async () => {
    before = await broker.theirs();
    expect(before).toMatchObject({ offsets: [{ groupId: 'billing' }, { groupId: 'floorwatch' }] });
    for (const section of ['1', '2', '3', '4']) broker.run(commandsOf(section));
    expect(await broker.theirs()).toEqual(before);
    const users = usersOf(broker).join('\n');
    expect(users).toMatch(/'robots' are producer_byte_rate=1\.048576E7$/m);
    expect(users).toMatch(/'floorwatch-ingestor' are consumer_byte_rate=1\.048576E8$/m);
  });

  test('both paths store what robots publish, and check finds nothing missing in Kafka', async () => {
    const migrator = { CLICKHOUSE_USER: 'floorwatch_owner', CLICKHOUSE_PASSWORD: clickHouse.passwords.owner };
    await runIngestorCommand('Schema', ['migrate'], { logFile, env: { ...ingestorEnv(), ...migrator } });
    const ingestor = await startIngestor({ logFile, env: ingestorEnv() });
    // A merge keeps one of the two rows of an event, which both paths store.
    await asOwner('SYSTEM STOP MERGES warehouse.telemetry_raw');
    await publish('robots', TOPIC, events('robot-1', 50));
    const stored = async (path: string): Promise<number> =>
      Number(await asOwner(`SELECT uniqExact(event_id) FROM warehouse.telemetry_raw WHERE source = '${path}'`));
    const soon = { timeout: 60_000, interval: 200 };
    await expect.poll(() => stored('ingestor'), soon).toBe(50);
    await expect.poll(() => stored('engine'), soon).toBe(50);
    const lag = async (): Promise<string> => (await fetch(`${ingestor.url}/metrics`)).text();
    await expect.poll(lag, soon).toMatch(/floorwatch_consumer_lag_messages\{.*group="floorwatch-engine".*\} 0/);
    const env = {
      CLICKHOUSE_URL: clickHouse.url,
      CLICKHOUSE_PASSWORD: clickHouse.passwords.writer,
      INGEST_PATH: 'both',
    };
    const found = broker.run(commandsOf('5'), env);
    expect(found).toMatch(/robot\.telemetry.*6 partitions, keeps messages for 168 h/);
    expect(found).toMatch(/ 0 warning, 0 failed/);
    await ingestor.stop();
  });

  test('a replay reads the topic again and deletes its group', async () => {
    const output = await runIngestorCommand('Replay', ['replay', '--from', 'earliest'], {
      logFile,
      env: ingestorEnv(),
    });
    expect(output).toMatch(/50/);
    expect(await groups()).toEqual(['billing', 'floorwatch', 'floorwatch-engine', 'floorwatch-ingestor']);
  });

  test('no user can do more than the guide says', async () => {
    const everyone = ['robots', 'floorwatch-ingestor', 'floorwatch-engine'];
    const denied: Record<string, () => Promise<unknown>> = {
      'robots read': () => read('robots', TOPIC, 'floorwatch-ingestor'),
    };
    for (const user of everyone) {
      denied[`${user} creates a topic`] = () =>
        asAdminOf(user, (admin) => admin.createTopics({ topics: [{ topic: 'of-ours' }], waitForLeaders: false }));
      denied[`${user} deletes the topic`] = () => asAdminOf(user, (admin) => admin.deleteTopics({ topics: [TOPIC] }));
      denied[`${user} deletes a group of others`] = () =>
        asAdminOf(user, (admin) => admin.deleteGroups(['floorwatch', 'billing']));
      denied[`${user} publishes to a topic of others`] = () => publish(user, 'orders', ['x']);
      denied[`${user} reads a topic of others`] = () => read(user, 'orders', 'floorwatch-ingestor-orders');
    }
    for (const user of everyone.slice(1)) denied[`${user} publishes`] = () => publish(user, TOPIC, ['x']);
    const seen: Record<string, string> = {};
    for (const [what, attempt] of Object.entries(denied)) seen[what] = await outcome(attempt());
    expect(Object.entries(seen).filter(([, error]) => !DENIED.test(error))).toEqual([]);
  });

  test('the uninstall section removes exactly ours', async () => {
    await clickHouse.stop();
    // A server that is killed does not leave its group. Kafka notices it after the session timeout.
    const state = async (): Promise<string | undefined> =>
      (await broker.admin.describeGroups(['floorwatch-engine'])).groups[0]?.state;
    await expect.poll(state, { timeout: 60_000, interval: 200 }).toBe('Empty');
    broker.run(commandsOf('Uninstall'));
    expect(await broker.theirs()).toEqual(before);
    expect(await acls(broker.admin, (principal) => /robots|floorwatch/.test(principal))).toEqual([]);
    expect(usersOf(broker).filter((line) => /'(robots|floorwatch-)/.test(line))).toEqual([]);
    expect(await groups()).toEqual(['billing', 'floorwatch']);
    expect(await broker.admin.listTopics()).not.toContain(TOPIC);
    expect(existsSync(join(dir, 'robots.password'))).toBe(false);
  });
});
