import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { massRoboticsStatus, vda5050StateV2 } from '@floorwatch/servers/messages/native-messages';
import { avroPayload, framed, protobufPayload, registerSchema } from '@floorwatch/servers/messages/wire-format';
import { startSchemaRegistry, type SchemaRegistry } from '@floorwatch/servers/schema-registry';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate } from '../src/migrate/migrate.ts';
import { rows, startTestServer, type TestServer } from './clickhouse.ts';

/** Dead letters of topics that do not contain JSON of the contract. Requeue reads their bytes like the ingestor. */
const MAIN = join(import.meta.dirname, '../src/main.ts');
const SCHEMAS = join(import.meta.dirname, '../../packages/contract/schemas');
const AVSC = readFileSync(join(SCHEMAS, 'telemetry.avsc'), 'utf8');
const PROTO = readFileSync(join(SCHEMAS, 'telemetry.proto'), 'utf8');
const DATUM = '00000000-0000-4000-8000-00000000da70';
const nowMs = Date.now();
const directory = mkdtempSync(join(tmpdir(), 'floorwatch-letter-formats-'));
const datums = join(directory, 'datums.json');

let clickhouse: TestServer;
let registry: SchemaRegistry;

beforeAll(async () => {
  [clickhouse, registry] = await Promise.all([
    startTestServer(),
    startSchemaRegistry({ dataDir: join(directory, 'registry') }),
  ]);
  await migrate(clickhouse.as('owner'));
  writeFileSync(datums, JSON.stringify({ [DATUM]: { map_id: 'hall', x: 0, y: 0, yaw: 0, metres_per_unit: 1 } }));
});
afterAll(async () => {
  await Promise.all([clickhouse.stop(), registry.stop()]);
  rmSync(directory, { recursive: true, force: true });
});

const event = (robot_id: string): Record<string, unknown> => ({ robot_id, ts: nowMs, meta: '{"firmware":"v7"}' });

async function storeDeadLetter(topic: string, reason: string, raw: Buffer): Promise<void> {
  await clickhouse.as('owner').command({
    query: `INSERT INTO warehouse.dead_letters (topic, partition, offset, part, reason, raw, source)
      SELECT '${topic}', 0, 1, 0, '${reason}', base64Decode('${raw.toString('base64')}'), 'ingestor'`,
  });
}

async function cli(args: string[], env: Record<string, string> = {}) {
  const { url, passwords } = clickhouse.server;
  const command = [MAIN, 'dead-letters', ...args];
  const environment = {
    ...process.env,
    ...{ CLICKHOUSE_URL: url, CLICKHOUSE_USER: 'floorwatch_owner', CLICKHOUSE_PASSWORD: passwords.owner },
    KAFKA_TOPIC: 'avro,protobuf,vda,mass,away,masked',
    TOPIC_FORMATS: 'avro=registry,protobuf=registry,away=registry,vda=vda5050,mass=massrobotics',
    SCHEMA_REGISTRY_URL: registry.url,
    MASSROBOTICS_DATUMS_FILE: datums,
    ...env,
  };
  return promisify(execFile)(process.execPath, command, { env: environment }).then(
    (output) => ({ code: 0, ...output }),
    (error: unknown) => error as { code: number; stdout: string; stderr: string }
  );
}

const repaired = (): Promise<object[]> =>
  rows(
    clickhouse.as('owner'),
    `SELECT topic, robot_id, x, firmware FROM warehouse.telemetry_raw FINAL WHERE source = 'repair' ORDER BY topic`
  );

test('one command requeues dead letters of every format that are valid now', async () => {
  const avroId = await registerSchema(registry.url, 'AVRO', AVSC);
  const protobufId = await registerSchema(registry.url, 'PROTOBUF', PROTO);
  const protobuf = protobufPayload(PROTO, 'floorwatch.Telemetry', event('by protobuf'));
  await storeDeadLetter('avro', 'schema_unknown', framed(avroId, avroPayload(AVSC, event('by avro'))));
  await storeDeadLetter('protobuf', 'schema_unknown', framed(protobufId, protobuf));
  await storeDeadLetter('vda', 'ts_too_far_ahead', Buffer.from(JSON.stringify(vda5050StateV2('7', nowMs))));
  await storeDeadLetter(
    'mass',
    'planar_datum_unknown',
    Buffer.from(JSON.stringify(massRoboticsStatus(DATUM, DATUM, nowMs)))
  );
  const { code, stdout, stderr } = await cli(['requeue', '--since', '1h']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toBe('4 requeued, 0 already stored, 0 still invalid\n');
  expect(await repaired()).toEqual([
    { topic: 'avro', robot_id: 'by avro', x: null, firmware: 'v7' },
    { topic: 'mass', robot_id: DATUM, x: 3, firmware: null },
    { topic: 'protobuf', robot_id: 'by protobuf', x: null, firmware: 'v7' },
    { topic: 'vda', robot_id: 'ACME/7', x: 3, firmware: null },
  ]);
  expect((await cli(['requeue', '--since', '1h'])).stdout).toContain('0 requeued, 4 already stored');
});

test('a registry that does not respond is an error of one line, and nothing is claimed', async () => {
  await storeDeadLetter('away', 'schema_unknown', framed(1_000_001, avroPayload(AVSC, event('later'))));
  const nowhere = { SCHEMA_REGISTRY_URL: 'http://someone:hunter2@127.0.0.1:9' };
  const { code, stderr } = await cli(['requeue', 'away/0/1/0'], nowhere);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^the schema registry cannot be reached at http:\/\/127\.0\.0\.1:9\/\S+\n$/);
  expect(
    await rows(clickhouse.as('owner'), `SELECT * FROM warehouse.dead_letter_repairs WHERE topic = 'away'`)
  ).toEqual([]);
});

test('a dead letter that still cannot be read stays, with its reason; JSON of the contract corrects it', async () => {
  const unknown = await cli(['requeue', '--topic', 'away']);
  expect(unknown.stdout).toContain('away/0/1/0: still invalid, schema_unknown: the registry has no schema 1000001');
  const payload = join(directory, 'payload.json');
  const correct = (fields: object): Promise<{ code: number; stdout: string; stderr: string }> => {
    writeFileSync(payload, JSON.stringify({ robot_id: 'later', ts: nowMs, ...fields }));
    return cli(['requeue', 'away/0/1/0', '--payload', payload]);
  };
  // For JSON of the contract, the reason comes from the contract's rules, not from the topic's format.
  expect((await correct({ battery: 300 })).stderr).toContain('still invalid, battery_out_of_range');
  expect(await correct({ x: 1, y: 2 })).toMatchObject({ code: 0, stdout: 'away/0/1/0: stored as one event\n' });
});

test('masked dead letters are requeued unchanged: nothing is hashed twice', async () => {
  const hashed = 'a'.repeat(32);
  await storeDeadLetter('masked', 'ts_too_far_ahead', Buffer.from(JSON.stringify({ robot_id: hashed, ts: nowMs })));
  const masking = { MASK_FIELDS: 'robot_id=hash', MASK_SALT: 'sixteen characters' };
  expect(await cli(['requeue', '--topic', 'masked'], masking)).toMatchObject({ code: 0 });
  expect(await repaired()).toContainEqual({ topic: 'masked', robot_id: hashed, x: null, firmware: null });
});
