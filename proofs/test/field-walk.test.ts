import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rows, startTestServer, type TestServer } from '@floorwatch/ingestor/test/clickhouse';
import { startChild, type ServerProcess } from '@floorwatch/servers/child';
import { startKafka, type Kafka } from '@floorwatch/servers/kafka';
import { REPOSITORY_DIR } from '@floorwatch/servers/paths';
import { createTopic } from '@floorwatch/servers/topic';
import { Kafka as KafkaClient, logLevel } from 'kafkajs';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { addLiftHeight } from '../structure/field-walk.ts';
import { copyRepository } from '../structure/repository-copy.ts';

/** The walk of docs/how-to/add-event-field.md on a copy of the repository, and the pipeline of that copy. */
const dir = mkdtempSync(join(tmpdir(), 'floorwatch-walk-'));
const copy = join(dir, 'repository');
const MAIN = join(copy, 'ingestor/src/main.ts');
const TOPICS = { ingestor: 'by-ingestor', engine: 'by-engine' };

let kafka: Kafka;
let clickhouse: TestServer;
let ingestor: ServerProcess;

beforeAll(async () => {
  copyRepository(REPOSITORY_DIR, copy);
  addLiftHeight(copy);
  kafka = await startKafka({ dataDir: join(dir, 'kafka') });
  for (const topic of Object.values(TOPICS)) await createTopic({ brokers: kafka.brokers, topic, partitions: 1 });
  clickhouse = await startTestServer({ KAFKA_BROKERS: kafka.brokers, KAFKA_TOPIC: TOPICS.engine });
  const { url, passwords } = clickhouse.server;
  const env = { KAFKA_BROKERS: kafka.brokers, KAFKA_TOPIC: TOPICS.ingestor, CLICKHOUSE_URL: url, BATCH_MAX_MS: '200' };
  execFileSync(process.execPath, [MAIN, 'migrate'], {
    env: {
      ...process.env,
      ...{ ...env, INGEST_PATH: 'engine', CLICKHOUSE_USER: 'floorwatch_owner', CLICKHOUSE_PASSWORD: passwords.owner },
    },
  });
  ingestor = await startChild({
    component: 'Ingestor of the copy',
    command: process.execPath,
    args: ['--disable-warning=TimeoutNegativeWarning', MAIN, 'run'],
    env: { ...env, CLICKHOUSE_PASSWORD: passwords.writer, HTTP_PORT: '0', LOG_LEVEL: 'warn' },
    logFile: join(dir, 'ingestor.log'),
    missingRemedy: '',
  });
});
afterAll(async () => {
  await ingestor.stop();
  await Promise.all([clickhouse.stop(), kafka.stop()]);
  rmSync(dir, { recursive: true, force: true });
});

/** On each path a robot whose events need no parser, one whose text has an escape, and one with an invalid height. */
async function publish(): Promise<void> {
  const client = new KafkaClient({ brokers: [kafka.brokers], logLevel: logLevel.NOTHING });
  const producer = client.producer();
  await producer.connect();
  for (const [path, topic] of Object.entries(TOPICS)) {
    const event = (robot: string, rest: object): object => ({ robot_id: `${path}-${robot}`, ts: Date.now(), ...rest });
    const events = [
      event('plain', { x: 1, y: 2, lift_height: 1.25 }),
      event('plain', { battery: 50 }),
      event('escaped', { x: 1, y: 2, lift_height: 0.5, task_id: 'a"b' }),
      event('broken', { lift_height: 25 }),
    ];
    await producer.send({ topic, messages: events.map((one) => ({ value: JSON.stringify(one) })) });
  }
  await producer.disconnect();
}

interface CopiedMap {
  FLEET_NOW: string;
  readFleet: (frames: object[], options: object) => { fleet: { robotIds: string[] }; problem: string };
  describeRobot: (fleet: object, robot: number, nowMs: number) => { label: string; text: string }[];
}

/** The map's own code out of the copy, which is compiled as another kind of module. */
async function loadMap(): Promise<CopiedMap> {
  const input = join(copy, 'plugin/src/walk.ts');
  writeFileSync(
    input,
    `export { FLEET_NOW } from './queries/fleet';
     export { readFleet } from './floormap/fleet/readFleet';
     export { describeRobot } from './floormap/fleet/describe';`
  );
  const bundle = await rolldown({ input, platform: 'node' });
  const file = join(dir, 'map.mjs');
  await bundle.write({ file, format: 'esm' });
  return (await import(pathToFileURL(file).href)) as CopiedMap;
}

test('a field that was added by the guide goes from Kafka through both paths to the tooltip of the map', async () => {
  await publish();
  const reader = clickhouse.as('reader');
  const owner = clickhouse.as('owner');
  const stored = (): Promise<object[]> =>
    rows(owner, `SELECT robot_id, lift_height FROM warehouse.v_events WHERE lift_height IS NOT NULL ORDER BY robot_id`);
  const robots = ['engine-escaped', 'engine-plain', 'ingestor-escaped', 'ingestor-plain'];
  const height = (robot: string): number => (robot.endsWith('plain') ? 1.25 : 0.5);
  await vi.waitUntil(async () => (await stored()).length === robots.length, { timeout: 60_000, interval: 200 });
  expect(await stored()).toEqual(robots.map((robot_id) => ({ robot_id, lift_height: height(robot_id) })));

  const refused = `SELECT topic, reason FROM warehouse.v_dead_letters ORDER BY topic`;
  await expect
    .poll(() => rows(reader, refused), { timeout: 60_000 })
    .toEqual([
      { topic: TOPICS.engine, reason: 'lift_height_invalid' },
      { topic: TOPICS.ingestor, reason: 'lift_height_invalid' },
    ]);

  const { FLEET_NOW, readFleet, describeRobot } = await loadMap();
  const now = await rows<Record<string, unknown>>(reader, FLEET_NOW);
  const fields = Object.keys(now[0] ?? {}).map((name) => ({ name, config: {}, values: now.map((row) => row[name]) }));
  const options = { mapping: {}, silentAfterSeconds: 60, headingInDegrees: false, nowMs: Date.now() };
  const { fleet, problem } = readFleet([{ fields, length: now.length }], options);
  expect(problem).toBe('');
  expect(fleet.robotIds).toEqual(robots);
  const tooltips = fleet.robotIds.map((_, robot) => describeRobot(fleet, robot, Date.now()));
  expect(tooltips.map((facts) => facts.find(({ label }) => label === 'Lift height')?.text)).toEqual(
    robots.map((robot) => `${height(robot).toFixed(2)} m`)
  );
});
