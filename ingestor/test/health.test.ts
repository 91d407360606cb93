import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate } from '../src/migrate/migrate.ts';
import { rows, startTestServer, type TestServer } from './clickhouse.ts';
import { runCommand } from './command.ts';
import { fleetDay } from './fleet-day.ts';
import { rollUpAll } from './view-answers.ts';

interface Check {
  check: string;
  subject: string;
  status: 'ok' | 'warning' | 'critical';
  value: number | null;
  threshold: number;
  unit: string;
  problem: string;
  remedy: string;
}

let clickhouse: TestServer;

beforeAll(async () => {
  clickhouse = await startTestServer();
  await migrate(clickhouse.as('owner'));
  await rollUpAll(clickhouse.as('owner'));
});
afterAll(async () => {
  await clickhouse.stop();
});

const command = (query: string) => clickhouse.as('owner').command({ query });

/** As the reader, who has no rights on system tables. */
async function health(check: string, subject?: string): Promise<Check[]> {
  const all = await rows<Check>(clickhouse.as('reader'), 'SELECT * FROM warehouse.v_health');
  return all.filter((each) => each.check === check && (subject === undefined || each.subject === subject));
}

test('a healthy server is ok in every check, except that it has no backup yet', async () => {
  const all = await rows<Check>(clickhouse.as('reader'), 'SELECT * FROM warehouse.v_health');
  expect(new Set(all.map(({ check }) => check))).toEqual(
    new Set([
      ...[
        'refresh',
        'parts',
        'broken_parts',
        'merge',
        'mutation',
        'disk',
        'disk_time',
        'replica_readonly',
        'replica_queue',
      ],
      ...['replica_delay', 'kafka_engine', 'dead_letters', 'backup', 'erased', 'migration'],
    ])
  );
  const bad = all.filter(({ status, check }) => status !== 'ok' && !check.startsWith('disk'));
  expect(bad).toEqual([
    {
      ...{
        check: 'backup',
        subject: '',
        status: 'warning',
        value: null,
        threshold: 26,
        unit: 'hours since the last backup',
      },
      // This server has no disk for backups, as any new one. backup.test.ts has one.
      problem: 'There is no backup.',
      remedy: expect.stringMatching(
        /no disk for backups.*sql\/server\/backups\.example\.xml.*CLICKHOUSE_BACKUP_PATH/
      ) as string,
    },
  ]);
  expect(all.filter(({ check }) => check === 'refresh').map(({ subject }) => subject)).toEqual([
    ...['floor_cells_hour_mv', 'floor_cells_mv', 'robot_states_mv', 'telemetry_hour_mv', 'telemetry_minute_mv'],
  ]);
});

test('a disk fills in the time that the rate of the last hour and the size of an event give', async () => {
  const [before] = await health('disk_time');
  expect(before).toMatchObject({ status: 'ok', value: 8760 });
  // 10^12 events in an hour, with at least 100 bytes each.
  await command(`INSERT INTO warehouse.path_progress
    SELECT 'ingestor', 't', 0, now('UTC') - 2400, 1000000000000, 1, now64(3), now64(3)`);
  expect((await health('disk_time'))[0]).toMatchObject({ status: 'critical', subject: 'default' });
  await command('TRUNCATE TABLE warehouse.path_progress');
});

test('a roll-up that is stopped is critical, with the command that starts it', async () => {
  await command('SYSTEM STOP VIEW warehouse.telemetry_hour_mv');
  const [stopped] = await health('refresh', 'telemetry_hour_mv');
  expect(stopped).toMatchObject({ status: 'critical', problem: expect.stringContaining('stopped') as string });
  expect(stopped?.remedy).toContain('SYSTEM START VIEW warehouse.telemetry_hour_mv');
  await command('SYSTEM START VIEW warehouse.telemetry_hour_mv');
  expect((await health('refresh', 'telemetry_hour_mv'))[0]?.status).toBe('ok');
});

test('a roll-up that fails says why, without the values in the error', async () => {
  await command(`CREATE VIEW warehouse.texts AS SELECT if(number = 0, 'hidden', '1') AS text FROM numbers(2)`);
  await command(`CREATE MATERIALIZED VIEW warehouse.failing_mv REFRESH EVERY 1 HOUR APPEND TO warehouse.rollup_touched AS
    SELECT now64(3, 'UTC') AS touched_at, '' AS robot_id, toDateTime(0, 'UTC') + toUInt8(t.text) AS minute FROM warehouse.texts AS t`);
  await command('SYSTEM REFRESH VIEW warehouse.failing_mv');
  await command('SYSTEM WAIT VIEW warehouse.failing_mv').catch(() => undefined);
  const [failing] = await health('refresh', 'failing_mv');
  expect(failing?.status).not.toBe('ok');
  expect(failing?.problem).toMatch(/^The last refresh failed: /);
  expect(failing?.problem).toContain('Cannot parse');
  expect(failing?.problem).not.toContain('hidden');
  for (const view of ['failing_mv', 'texts']) await command(`DROP VIEW warehouse.${view}`);
});

test('many invalid events are critical, and the most frequent reason is named', async () => {
  const now = new Date().toISOString().slice(0, -1);
  const values = fleetDay(Date.now(), 1).dead_letters.map((letter) => ({
    ...{ ...letter, received_at: now, reason: letter.offset % 4 ? 'ts_invalid' : 'robot_id_missing' },
  }));
  await clickhouse.as('owner').insert({ table: 'warehouse.dead_letters', values, format: 'JSONEachRow' });
  expect(await health('dead_letters')).toMatchObject([{ status: 'critical', subject: 'ts_invalid', value: 100 }]);
});

test('a deletion that fails is critical', async () => {
  await clickhouse.as('owner').insert({
    table: 'warehouse.robots',
    values: [{ robot_id: 'a', model: '', site_id: '', fleet: '' }],
    format: 'JSONEachRow',
  });
  await command(
    `ALTER TABLE warehouse.robots DELETE WHERE throwIf(robot_id = 'a', 'value a1b2') SETTINGS mutations_sync = 0`
  );
  await expect.poll(async () => (await health('mutation'))[0]?.status, { timeout: 20_000 }).toBe('critical');
  const [failing] = await health('mutation');
  expect(failing).toMatchObject({ subject: 'robots', problem: expect.stringContaining('fails') as string });
  await command(`KILL MUTATION WHERE database = 'warehouse' AND table = 'robots'`);
  expect((await health('mutation'))[0]?.status).toBe('ok');
});

test('a detached view of the Kafka engine is critical while its group is measured', async () => {
  expect((await health('kafka_engine'))[0]?.status).toBe('ok');
  const values = [{ path: 'engine', topic: 't', partition: 0, end_offset: 9000, committed_offset: 10 }].map((row) => ({
    ...{ ...row, sampled_at: new Date().toISOString().slice(0, -1) },
  }));
  await clickhouse.as('owner').insert({ table: 'warehouse.path_offsets', values, format: 'JSONEachRow' });
  const [engine] = await health('kafka_engine');
  expect(engine).toMatchObject({
    ...{ status: 'critical', value: 0, unit: 'views' },
    problem: expect.stringContaining('detached') as string,
  });
});

test('a half-applied migration is a warning', async () => {
  await command(
    `INSERT INTO warehouse.schema_migrations (version, name, phase) VALUES (0, 'warehouse.v_events', 'failed')`
  );
  expect(await health('migration')).toMatchObject([{ status: 'warning', subject: 'warehouse.v_events', value: 1 }]);
});

test('an erased robot that is stored again is a warning until it is erased again', async () => {
  const erase = () =>
    runCommand(['erase', '--robot', 'amr-0'], {
      CLICKHOUSE_URL: clickhouse.server.url,
      CLICKHOUSE_USER: 'floorwatch_owner',
      CLICKHOUSE_PASSWORD: clickhouse.server.passwords.owner,
    });
  const store = () =>
    clickhouse.as('owner').insert({
      table: 'warehouse.telemetry_raw',
      values: fleetDay(Date.now(), 2).telemetry_raw,
      format: 'JSONEachRow',
    });
  await store();
  expect((await erase()).code).toBe(0);
  expect((await health('erased'))[0]).toMatchObject({ status: 'ok', value: 0 });
  await store();
  expect((await health('erased'))[0]).toMatchObject({ status: 'warning', value: 1 });
  expect((await erase()).code).toBe(0);
  expect((await health('erased'))[0]?.status).toBe('ok');
});

test('parts that pile up are a warning at half of the limit at which inserts slow down', async () => {
  await command('SYSTEM STOP MERGES warehouse.path_offsets');
  const [before] = await health('parts');
  expect(before).toMatchObject({ status: 'ok', threshold: 500 });
  await command(`INSERT INTO warehouse.path_offsets SELECT 'ingestor', 't', number, now64(3), 0, 0 FROM numbers(600)
    SETTINGS max_block_size = 1, min_insert_block_size_rows = 1, max_insert_threads = 1, optimize_on_insert = 0`);
  expect((await health('parts'))[0]).toMatchObject({
    status: 'warning',
    subject: expect.stringContaining('path_offsets') as string,
  });
});
