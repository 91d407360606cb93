import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createClient, type ClickHouseClient } from '@clickhouse/client';
import { eventIdFor } from '@floorwatch/contract/event-id';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DeadLetterId, DeadLetterKey } from '../src/dead-letters/dead-letter-key.ts';
import { RepairLog } from '../src/dead-letters/repair-log.ts';
import { requeue } from '../src/dead-letters/requeue.ts';
import { jsonReader } from '../src/decode/json.ts';
import { topicFormat } from '../src/decode/topic-format.ts';
import { migrate } from '../src/migrate/migrate.ts';
import { rows, startTestServer, type TestServer } from './clickhouse.ts';

const MAIN = join(import.meta.dirname, '../src/main.ts');
const OPTIONS = { formatOf: () => topicFormat(jsonReader), timeoutMs: 20_000 };
const nowMs = Date.now();
const directory = mkdtempSync(join(tmpdir(), 'floorwatch-letters-'));

let clickhouse: TestServer;
let client: ClickHouseClient;

beforeAll(async () => {
  clickhouse = await startTestServer();
  await migrate(clickhouse.as('owner'));
  client = createClient({
    url: clickhouse.server.url,
    username: 'floorwatch_owner',
    password: clickhouse.server.passwords.owner,
    database: 'warehouse',
    log: { level: 127 },
  });
});
afterAll(async () => {
  await client.close();
  await clickhouse.stop();
  rmSync(directory, { recursive: true, force: true });
});

const containing = (text: string): unknown => expect.stringContaining(text);

const at = (offset: number, part = 0): DeadLetterKey => ({ topic: 'robots', partition: 0, offset, part });
const idOf = (offset: number): DeadLetterId => ({ ...at(offset), content: '17446744073709551615' });

async function storeDeadLetter(offset: number, reason: string, raw: string): Promise<void> {
  await client.insert({
    table: 'dead_letters',
    values: [{ ...at(offset), reason, detail: '', raw, key: '', source: 'ingestor' }],
    format: 'JSONEachRow',
  });
}

const event = (fields: object): Buffer => Buffer.from(JSON.stringify({ robot_id: 'amr-1', ts: nowMs, ...fields }));

function stored(offset: number): Promise<{ event_id: string; battery: number; source: string }[]> {
  return rows(client, `SELECT event_id, battery, source FROM warehouse.telemetry_raw AS r WHERE r.offset = ${offset}`);
}

async function cli(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = {
    ...process.env,
    CLICKHOUSE_URL: clickhouse.server.url,
    CLICKHOUSE_USER: 'floorwatch_owner',
    CLICKHOUSE_PASSWORD: clickhouse.server.passwords.owner,
  };
  return promisify(execFile)(process.execPath, [MAIN, 'dead-letters', ...args], { env }).then(
    (output) => ({ code: 0, ...output }),
    (error: unknown) => error as { code: number; stdout: string; stderr: string }
  );
}

test('a corrected payload is stored for the dead letter exactly once', async () => {
  await storeDeadLetter(1, 'battery_out_of_range', event({ battery: 300 }).toString());
  const shown = await cli('show', 'robots/0/1/0');
  expect(shown.stdout).toBe(event({ battery: 300 }).toString());
  expect(shown.stderr).toContain('battery_out_of_range');

  const rejected = await cli('requeue', 'robots/0/1/0');
  expect(rejected).toMatchObject({ code: 1, stderr: containing('still invalid, battery_out_of_range') });

  const file = join(directory, 'payload.json');
  writeFileSync(file, event({ battery: 30 }));
  expect(await cli('requeue', 'robots/0/1/0', '--payload', file)).toMatchObject({
    code: 0,
    stdout: 'robots/0/1/0: stored as one event\n',
  });
  const again = await cli('requeue', 'robots/0/1/0', '--payload', file);
  expect(again).toMatchObject({ code: 1, stderr: containing('it is not stored again') });
  expect(await stored(1)).toEqual([{ event_id: eventIdFor('robots', 0, 1, 0), battery: 30, source: 'repair' }]);
});

test('after a crash after the claim, the next attempt stores the claimed payload', async () => {
  await storeDeadLetter(2, 'battery_out_of_range', event({ battery: 300 }).toString());
  await new RepairLog(client, 20_000).claim(idOf(2), event({ battery: 2 }), nowMs);
  expect(await requeue(client, [{ key: idOf(2), payload: event({ battery: 99, ts: nowMs + 5 }) }], OPTIONS)).toEqual([
    { result: 'stored', key: idOf(2), events: 1, isOwnPayload: false },
  ]);
  expect(await stored(2)).toMatchObject([{ battery: 2 }]);
});

test('a crash between the event and the mark does not store the event twice', async () => {
  await storeDeadLetter(3, 'battery_out_of_range', event({ battery: 300 }).toString());
  const request = [{ key: idOf(3), payload: event({ battery: 3 }) }];
  await expect(requeue(dyingAtInsert(3), request, OPTIONS)).rejects.toThrow('killed');
  expect(await stored(3)).toHaveLength(1);
  expect(await requeue(client, request, OPTIONS)).toMatchObject([{ result: 'stored' }]);
  expect(await requeue(client, request, OPTIONS)).toMatchObject([{ result: 'already_stored' }]);
  expect(await rows(client, `SELECT count() AS n FROM warehouse.telemetry_raw AS r FINAL WHERE r.offset = 3`)).toEqual([
    { n: 1 },
  ]);
});

test('of two concurrent corrections, one is stored', async () => {
  await storeDeadLetter(4, 'battery_out_of_range', event({ battery: 300 }).toString());
  const outcomes = await Promise.all(
    [10, 20].map((battery) =>
      requeue(client, [{ key: idOf(4), payload: event({ battery, ts: nowMs + battery }) }], OPTIONS)
    )
  );
  expect(outcomes.flat().filter((outcome) => outcome.result === 'stored' && outcome.isOwnPayload)).toHaveLength(1);
  expect(await rows(client, `SELECT count() AS n FROM warehouse.telemetry_raw AS r FINAL WHERE r.offset = 4`)).toEqual([
    { n: 1 },
  ]);
});

test('one command requeues all dead letters of a reason, and invalid ones stay with their reason', async () => {
  await storeDeadLetter(5, 'ts_too_far_ahead', event({ battery: 5 }).toString());
  await storeDeadLetter(6, 'ts_too_far_ahead', event({ ts: nowMs + 3 * 86_400_000 }).toString());
  const { stdout } = await cli('requeue', '--reason', 'ts_too_far_ahead', '--since', '1h');
  expect(stdout).toContain('robots/0/6/0: still invalid, ts_too_far_ahead');
  expect(stdout).toContain('1 requeued, 0 already stored, 1 still invalid');
  expect(await stored(5)).toHaveLength(1);
  const listed = JSON.parse((await cli('list', '--reason', 'ts_too_far_ahead', '--json')).stdout) as object;
  expect(listed).toMatchObject({ reasons: [{ open: 1, repaired: 1 }], latest: [{ offset: 6, repaired_at: null }] });
});

test('list shows the dead letters of a time', async () => {
  await storeDeadLetter(20, 'speed_out_of_range', event({ speed: 900 }).toString());
  const listed = async (...time: string[]): Promise<unknown> =>
    JSON.parse((await cli('list', '--reason', 'speed_out_of_range', '--json', ...time)).stdout);
  const all = { reasons: [{ open: 1 }], latest: [{ offset: 20 }] };
  expect(await listed('--since', '24h')).toMatchObject(all);
  expect(await listed('--since', '24h', '--until', new Date(Date.now() + 60_000).toISOString())).toMatchObject(all);
  expect(await listed('--until', '24h')).toEqual({ reasons: [], latest: [] });
});

test('several events can replace one dead letter only with their own ids', async () => {
  await storeDeadLetter(7, 'invalid_json', '{"robot_id":');
  const ids = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002'];
  const lines = (fields: (i: number) => object): Buffer =>
    Buffer.from([0, 1].map((i) => event(fields(i)).toString()).join('\n'));
  expect(await requeue(client, [{ key: idOf(7), payload: lines(() => ({})) }], OPTIONS)).toMatchObject([
    { result: 'still_invalid', reason: 'event_id_missing' },
  ]);
  const payload = lines((i) => ({ event_id: ids[i] }));
  expect(await requeue(client, [{ key: idOf(7), payload }], OPTIONS)).toMatchObject([{ result: 'stored', events: 2 }]);
  expect((await stored(7)).map(({ event_id }) => event_id).sort()).toEqual(ids);
});

test('a topic that was created again has another dead letter at the same place: each is requeued once', async () => {
  const file = join(directory, 'again.json');
  for (const [i, text] of ['stored as one event', 'stored as one event', 'it is not stored again'].entries()) {
    if (i < 2) await storeDeadLetter(8, 'battery_out_of_range', event({ battery: 300 + i }).toString());
    writeFileSync(file, event({ battery: 8 + i, ts: nowMs + i }));
    const { stdout, stderr } = await cli('requeue', 'robots/0/8/0', '--payload', file);
    expect(stdout + stderr).toContain(text);
  }
  expect((await stored(8)).map(({ battery }) => battery).sort()).toEqual([8, 9]);
  const query =
    'SELECT count() AS letters, count(repaired_at) AS repaired FROM warehouse.v_dead_letters AS d WHERE d.offset = 8';
  expect(await rows(client, query)).toEqual([{ letters: 2, repaired: 2 }]);
});

test('requeue without a dead letter or filter stores nothing', async () => {
  expect(await cli('requeue')).toMatchObject({ code: 1, stderr: containing('Give one dead letter') });
  expect(await cli('show', 'robots/0/99/0')).toMatchObject({ stderr: 'There is no dead letter robots/0/99/0.\n' });
  expect(await cli('list', '--since', 'yesterday')).toMatchObject({ stderr: containing('"yesterday"') });
});

/** The same client, but its process crashes when it sends its n-th insert. */
function dyingAtInsert(n: number): ClickHouseClient {
  let inserts = 0;
  return new Proxy(client, {
    get(target, name) {
      const member = Reflect.get(target, name) as unknown;
      if (typeof member !== 'function') return member;
      return (...args: unknown[]): unknown => {
        if (name === 'exec' && ++inserts === n) throw new Error('killed');
        return Reflect.apply(member, target, args) as unknown;
      };
    },
  });
}
