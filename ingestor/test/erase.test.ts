import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EraseReport } from '../src/erase/erase.ts';
import { migrate } from '../src/migrate/migrate.ts';
import { rows, startTestServer, type TestServer } from './clickhouse.ts';
import { runCommand, type Ended } from './command.ts';
import { fleetDay } from './fleet-day.ts';
import { answer, comparableViews, rollUpAll } from './view-answers.ts';

/** `one` has a robot more than `other`, which never had it. After the erasure both return the same. */
let one: TestServer;
let other: TestServer;
const NOW_MS = Date.now();
const ROBOT = 'amr-1';

beforeAll(async () => {
  [one, other] = await Promise.all([startTestServer(), startTestServer()]);
  for (const server of [one, other]) await migrate(server.as('owner'));
  const day = fleetDay(NOW_MS, 12);
  const letters = day.dead_letters;
  // Floor cells of the day before yesterday are computed again only because their minutes are touched.
  const past = fleetDay(NOW_MS - 2 * 86_400_000, 3).telemetry_raw;
  const isErased = ({ robot_id }: { robot_id: string }): boolean => robot_id === ROBOT;
  const events = [...day.telemetry_raw, ...past];
  await store(one, { ...day, telemetry_raw: events, dead_letters: [...letters, ...hostileLetters(ROBOT)] });
  await store(one, { dead_letter_repairs: repairs(ROBOT) });
  await store(other, {
    ...day,
    telemetry_raw: events.filter((event) => !isErased(event)),
    dead_letters: letters,
  });
  // More than 24 hours of floor cells.
  for (const server of [one, other, one, other]) await rollUpAll(server.as('owner'));
});
afterAll(async () => {
  await Promise.all([one.stop(), other.stop()]);
});

async function store(server: TestServer, tables: Record<string, readonly object[]>): Promise<void> {
  for (const [table, values] of Object.entries(tables)) {
    await server.as('owner').insert({ table: `warehouse.${table}`, values, format: 'JSONEachRow' });
  }
}

const letter = (offset: number, rest: object): object => ({
  ...{ topic: 'hostile', partition: 0, offset, part: 0, reason: 'invalid_json', detail: '', key: '', raw: '' },
  ...{ received_at: new Date(NOW_MS - 60_000).toISOString().slice(0, -1), source: 'ingestor', ...rest },
});

/** Each names the robot in another way. */
function hostileLetters(robot: string): object[] {
  const escaped = Array.from(robot, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0').toUpperCase()}`).join(
    ''
  );
  return [
    letter(0, { raw: `{"robot_id":"${robot}","battery":101}` }),
    letter(1, { raw: `{"robot_id" : "${escaped}","battery":101}` }),
    letter(2, { raw: `{"robot_id":"${robot.slice(0, 2)}\\u0072${robot.slice(3)}", broken` }),
    letter(3, { raw: '', key: robot }),
    letter(4, { raw: `robot=${robot};battery=1` }),
    letter(5, { raw: 'x', detail: `unknown robot ${robot}` }),
    letter(6, { raw: `[{"n":1},{"message":"{\\"robot_id\\":\\"${robot}\\"}"}]` }),
  ];
}

/** Only the corrected payload names the robot. */
function repairs(robot: string): object[] {
  const key = { topic: 'hostile', partition: 0, offset: 9, part: 0, judged_at: '2026-01-01 00:00:00.000' };
  return [
    { ...key, phase: 'claimed', payload: `{"robot_id":"${robot}"}` },
    { ...key, phase: 'stored', payload: '' },
  ];
}

function ingestor(server: TestServer, args: string[], env: Record<string, string> = {}): Promise<Ended> {
  return runCommand(args, {
    CLICKHOUSE_URL: server.server.url,
    CLICKHOUSE_USER: 'floorwatch_owner',
    CLICKHOUSE_PASSWORD: server.server.passwords.owner,
    ...env,
  });
}

async function eraseWith(args: string[], code = 0, env: Record<string, string> = {}): Promise<EraseReport> {
  const ended = await ingestor(one, ['erase', '--json', ...args], env);
  expect(ended.code, ended.stderr).toBe(code);
  return JSON.parse(ended.stdout) as EraseReport;
}

async function ask(query: string): Promise<unknown> {
  return rows(one.as('owner'), query);
}

describe('a robot that is erased', () => {
  test('is counted by --dry-run, which changes nothing', async () => {
    const report = await eraseWith(['--robot', ROBOT, '--dry-run']);
    const before = Object.fromEntries(report.tables.map(({ table, column, before }) => [`${table}.${column}`, before]));
    expect(before).toMatchObject({
      'telemetry_raw.robot_id': 480,
      'robot_latest.robot_id': expect.any(Number) as number,
      'robot_arrivals.robot_id': expect.any(Number) as number,
      'telemetry_minute.robot_id': expect.any(Number) as number,
      'telemetry_hour.robot_id': expect.any(Number) as number,
      'task_runs.robot_id': expect.any(Number) as number,
      'dead_letters.raw': 5,
      'dead_letters.key': 1,
      'dead_letters.detail': 1,
      'dead_letter_repairs.payload': 1,
    });
    expect(report.tables.every(({ before, after }) => before === after)).toBe(true);
    expect(await ask(`SELECT count() AS n FROM warehouse.dead_letters WHERE topic = 'hostile'`)).toEqual([{ n: 7 }]);
  });

  test('is gone from every table, and every view returns what a server returns that never had it', async () => {
    const report = await eraseWith(['--robot', ROBOT]);
    expect(report.left).toBe(0);
    expect(report.tables.length).toBeGreaterThan(8);
    expect(report.tables.filter(({ after }) => after !== 0)).toEqual([]);
    // At once in this test's ClickHouse, after 8 minutes in a server with default settings.
    expect(Date.parse(report.files_deleted_by ?? '')).toBeGreaterThan(NOW_MS);
    for (const server of [one, other]) await rollUpAll(server.as('owner'));
    expect((await answer(one.as('owner'), 'v_floor_cells')).length).toBeGreaterThan(500);
    for (const view of await comparableViews(one.as('owner'))) {
      expect(await answer(one.as('reader'), view), view).toEqual(await answer(other.as('reader'), view));
    }
    for (const table of ['dead_letters', 'dead_letter_repairs']) {
      expect(await ask(`SELECT count() AS n FROM warehouse.${table} WHERE topic = 'hostile'`)).toEqual([{ n: 0 }]);
    }
  });

  test('leaves robots whose ids contain its id', async () => {
    expect(
      await ask(`SELECT uniqExact(robot_id) AS robots FROM warehouse.telemetry_raw WHERE robot_id LIKE 'amr-1%'`)
    ).toEqual([{ robots: 2 }]);
  });

  test('is neither in the log of queries nor in the files of mutations because of the command', async () => {
    await one.as('owner').command({ query: 'SYSTEM FLUSH LOGS' });
    const named = `SELECT count() AS n FROM system.query_log
      WHERE log_comment LIKE '%erase%' AND match(query, '(?:^|[^0-9a-z-])amr-1(?:[^0-9]|$)')`;
    expect(await ask(named)).toEqual([{ n: 0 }]);
    expect(await ask(`SELECT count() AS n FROM system.mutations WHERE command LIKE '%amr-1%'`)).toEqual([{ n: 0 }]);
    expect(await ask(`SELECT name FROM system.tables WHERE name LIKE 'erasing%'`)).toEqual([]);
  });

  test('that is stored again is erased again by the same command', async () => {
    await store(one, { telemetry_raw: fleetDay(NOW_MS, 2).telemetry_raw.filter((event) => event.robot_id === ROBOT) });
    expect((await eraseWith(['--robot', ROBOT])).left).toBe(0);
  });

  test('whose id another robot names in its meta is left there, and the report says where', async () => {
    const [event] = fleetDay(NOW_MS, 1).telemetry_raw;
    const meta = '{"follows":"amr-77","firmware":"2"}';
    await store(one, { telemetry_raw: [{ ...event, robot_id: 'amr-0', event_id: crypto.randomUUID(), meta }] });
    const report = await eraseWith(['--robot', 'amr-77'], 1);
    expect(report.tables.filter(({ after }) => after > 0).map(({ table, column }) => `${table}.${column}`)).toEqual([
      'robot_latest.meta',
      'telemetry_raw.meta',
    ]);
    expect((await eraseWith(['--field', 'meta.follows=amr-77'])).left).toBe(0);
  });
});

describe('a value of meta that is erased', () => {
  const HOSTILE = [
    'Ada',
    `O'Brien "Bob" \\ /`,
    'Zoë 😀',
    "'; DROP TABLE warehouse.telemetry_raw; --",
    '(.*)',
    '42',
    'true',
    'Ada\nLovelace',
  ];

  test.each(HOSTILE)('%j is removed, and the event and its other keys stay', async (value) => {
    const [event] = fleetDay(NOW_MS, 1).telemetry_raw;
    const unicode = `"${Array.from({ length: value.length }, (_, i) => `\\u${value.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')}"`;
    const text = JSON.stringify(value);
    const metas = [
      `{"operator":${text},"shift":"early"}`,
      `{"operator" : ${unicode}, "shift":"early"}`,
      `{"crew":{"operator":${text},"size":2},"shift":"early"}`,
      `{"crew":[{"operator":${text}},{"operator":"Eve"}],"shift":"early"}`,
      `{"operator":[${text},"Eve"],"shift":"early"}`,
      ...(['42', 'true'].includes(value) ? [`{"operator":${value},"shift":"early"}`] : []),
    ];
    const robot = `person-${HOSTILE.indexOf(value)}`;
    await store(one, {
      telemetry_raw: metas.map((meta) => ({ ...event, robot_id: robot, event_id: crypto.randomUUID(), meta })),
      dead_letters: [letter(20, { raw: `{"meta":{"operator":${text}},"battery":101}` })],
    });
    await eraseWith(['--field', `meta.operator=${value}`], 1);
    const { left } = await eraseWith(['--field', `meta.crew.operator=${value}`]);
    expect(left).toBe(0);
    const stored = await rows<{ meta: string }>(
      one.as('owner'),
      `SELECT meta FROM warehouse.telemetry_raw WHERE robot_id = '${robot}'`
    );
    expect(stored.map(({ meta }) => JSON.stringify(JSON.parse(meta))).sort()).toEqual(
      [
        '{"shift":"early"}',
        '{"shift":"early"}',
        '{"crew":{"size":2},"shift":"early"}',
        '{"crew":[{},{"operator":"Eve"}],"shift":"early"}',
        '{"operator":["Eve"],"shift":"early"}',
        ...(['42', 'true'].includes(value) ? ['{"shift":"early"}'] : []),
      ].sort()
    );
    expect(await ask(`SELECT count() AS n FROM warehouse.dead_letters WHERE topic = 'hostile'`)).toEqual([{ n: 0 }]);
  });

  test('that is stored as a hash is erased by its name', async () => {
    const env = { MASK_FIELDS: 'meta.operator=hash', MASK_SALT: 'a salt of the plant' };
    const hash = createHmac('sha256', env.MASK_SALT).update('Grace').digest('hex').slice(0, 32);
    const [event] = fleetDay(NOW_MS, 1).telemetry_raw;
    await store(one, {
      telemetry_raw: [{ ...event, robot_id: 'hashed', event_id: crypto.randomUUID(), meta: `{"operator":"${hash}"}` }],
    });
    const report = await eraseWith(['--field', 'meta.operator=Grace'], 0, env);
    expect(report.tables.find(({ table }) => table === 'telemetry_raw')).toMatchObject({ before: 1, after: 0 });
  });

  test('the report and the log of the command do not contain it', async () => {
    const { stdout, stderr } = await ingestor(one, ['erase', '--field', 'meta.operator=Secretive', '--json']);
    expect(stdout + stderr).not.toContain('Secretive');
  });
});

test.each([
  [['erase'], /Give either --robot or --field/],
  [['erase', '--robot', ''], /--robot is empty/],
  [['erase', '--field', 'operator=Ada'], /is not meta\.KEY=VALUE, such as meta\.operator=Ada/],
  [['erase', '--field', 'meta.operator='], /is not meta\.KEY=VALUE/],
  [['erase', '--field', 'meta..x=1'], /is not meta\.KEY=VALUE/],
])('%j is one sentence of error', async (args, problem) => {
  const { code, stdout, stderr } = await ingestor(one, args);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(problem);
});
