import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate } from '../src/migrate/migrate.ts';
import { rows, startTestServer, type TestServer } from './clickhouse.ts';
import { fleetDay } from './fleet-day.ts';
import { dateTime, rollUp, storeEvents } from './stored-events.ts';
import { insert } from './two-sites.ts';

interface Dashboard {
  uid: string;
  templating: { list: { name: string; query: string }[] };
  annotations: { list: { name: string; target: { rawSql?: string } }[] };
  panels: { title: string; targets: { rawSql?: string }[] }[];
}

const FOLDER = join(import.meta.dirname, '../../provisioning/dashboards');
const dashboards = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.json'))
  .map((file) => JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as Dashboard);
const queries = dashboards.flatMap(({ uid, templating, annotations, panels }) => [
  ...annotations.list.flatMap(({ name, target: { rawSql } }) =>
    rawSql === undefined ? [] : [{ name: `${uid}, annotation ${name}`, sql: rawSql }]
  ),
  ...templating.list.map(({ name, query }) => ({ name: `${uid}, variable ${name}`, sql: query })),
  ...panels.flatMap(({ title, targets }) =>
    targets.flatMap(({ rawSql }) => (rawSql === undefined ? [] : [{ name: `${uid}, ${title}`, sql: rawSql }]))
  ),
]);

const nowMs = Date.now();
const ROBOTS = 6;
let clickhouse: TestServer;

beforeAll(async () => {
  clickhouse = await startTestServer();
  const owner = clickhouse.as('owner');
  await migrate(owner);
  const robot_ids = Array.from({ length: ROBOTS }, (_, robot) => `amr-${robot}`);
  const tables: Record<string, object[]> = {
    ...fleetDay(nowMs, ROBOTS),
    robots: robot_ids.map((robot_id) => ({ robot_id, model: 'AMR 100', site_id: 'here', fleet: 'day' })),
    path_offsets: [0, 1].map((partition) => ({
      ...{ path: 'ingestor', topic: 'robots', partition, sampled_at: dateTime(nowMs) },
      ...{ end_offset: 100, committed_offset: 90 },
    })),
  };
  for (const [table, values] of Object.entries(tables)) await insert(owner, table, values);
  const place = { x: 3, y: 3, map_id: 'hall', site_id: 'here', battery: 50, state: 'idle' };
  await storeEvents(
    owner,
    // One of them needs somebody.
    robot_ids.map((robot_id, i) => ({
      ...{ robot_id, tsMs: nowMs - 5_000, ...place },
      ...(i === 0 ? { state: 'error', error_code: 'E_GRIP' } : {}),
    }))
  );
  await rollUp(owner);
});
afterAll(async () => {
  await clickhouse.stop();
});

/** As Grafana's ClickHouse data source writes it for the last day. */
function expand(sql: string, valueOf: (variable: string) => string): string {
  const seconds = Math.floor(nowMs / 1000);
  return sql
    .replace(/\$__timeFilter\((\w+)\)/g, `$1 >= toDateTime(${seconds - 86_400}) AND $1 <= toDateTime(${seconds + 60})`)
    .replaceAll('$__toTime', `toDateTime(${seconds + 60})`)
    .replace(/\$__timeInterval\((\w+)\)/g, 'toStartOfInterval(toDateTime($1), INTERVAL 300 second)')
    .replace(/\$\{(\w+):customqueryparam:v\}/g, (_, variable: string) => valueOf(variable));
}

test.each(queries)('$name: has rows, for all values of its filters', async ({ sql }) => {
  const found = await rows<Record<string, unknown>>(
    clickhouse.as('reader'),
    expand(sql, () => 'all')
  );
  const values = found.flatMap((row) => Object.values(row)).filter((value) => value !== null && value !== '');
  expect(values).not.toEqual([]);
});

const filtered = queries.filter(({ sql, name }) => sql.includes('${site:') && !name.includes('variable'));
test.each(filtered)('$name: a site that does not exist has nothing', async ({ sql }) => {
  const elsewhere = (variable: string): string => (variable === 'site' ? 'v=else%27where' : 'all');
  const found = await rows<Record<string, unknown>>(clickhouse.as('reader'), expand(sql, elsewhere));
  expect(found.flatMap((row) => Object.values(row)).filter((value) => value !== null && Number(value) !== 0)).toEqual(
    []
  );
});

test('the longest gap is that between two events, however long, or up to the end; a robot that starts has none', async () => {
  const owner = clickhouse.as('owner');
  const startMs = Math.floor(nowMs / 60_000) * 60_000 - 7_200_000;
  const at = (robot_id: string, ...seconds: number[]) =>
    seconds.map((second) => ({ robot_id, tsMs: startMs + second * 1_000, state: 'idle', site_id: 'gaps' }));
  const steady = Array.from({ length: 40 }, (_, n) => n * 5);
  // A refresh between two inserts would compute their minutes without the second, and again only 30 s later.
  await owner.command({ query: 'SYSTEM STOP VIEWS' });
  await storeEvents(owner, [
    ...at('starts', ...steady.map((second) => second + 35)),
    ...at('long', ...steady, 200, 3_021, 3_026),
    ...at('short', ...steady, 290, 295),
    ...at('even', 0, 60, 300, 301),
    ...at('stopped', ...steady),
  ]);
  await owner.command({ query: 'SYSTEM START VIEWS' });
  await rollUp(owner);
  const panels = dashboards.flatMap((dashboard) => dashboard.panels);
  const sql = panels.find(({ title }) => title === 'Robots by longest gap')?.targets[0]?.rawSql ?? '';
  const gaps: Record<string, unknown> = {};
  for (const [robot, end] of Object.entries({ starts: 231, long: 3_027, short: 296, even: 302, stopped: 795 })) {
    const query = sql
      .replace('$__timeFilter(minute)', `minute >= ${startMs / 1_000} AND minute <= ${startMs / 1_000 + end}`)
      .replaceAll('$__toTime', `toDateTime(${startMs / 1_000 + end})`);
    const found = await rows<Record<string, unknown>>(
      clickhouse.as('reader'),
      expand(query, (variable) => (variable === 'site' ? 'v=gaps' : 'all'))
    );
    gaps[robot] = found.find(({ Robot }) => Robot === robot)?.['Longest gap'];
  }
  expect(gaps).toEqual({ starts: 5, long: 2_821, short: 95, even: 240, stopped: 600 });
});

test('the heat map has a second column where it has one hour only: Grafana draws none of a single time', async () => {
  const sql = dashboards.flatMap(({ panels }) => panels).find(({ title }) => title === 'Score by robot and hour')
    ?.targets[0]?.rawSql;
  const inHours = async (condition: string): Promise<Record<string, unknown>[]> =>
    rows(
      clickhouse.as('reader'),
      expand((sql ?? '').replace('$__timeFilter(hour)', condition), () => 'all')
    );
  const hours = new Set((await inHours('1')).map(({ time }) => time));
  const lastHour = [...hours].sort().at(-1);
  const one = await inHours(`hour = '${String(lastHour)}'`);
  expect(one.filter(({ time }) => time === lastHour).every(({ Score }) => Score !== null)).toBe(true);
  expect(one.filter(({ time }) => time !== lastHour)).toHaveLength(one.length / 2);
  expect(one.filter(({ time }) => time !== lastHour).every(({ Score }) => Score === null)).toBe(true);
});
