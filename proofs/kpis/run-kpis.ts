import type { ClickHouseClient } from '@clickhouse/client';
import { migrate } from '@floorwatch/ingestor/migrate/migrate';
import { rows, startTestServer } from '@floorwatch/ingestor/test/clickhouse';
import { dateTime, refreshViews, storeEvents } from '@floorwatch/ingestor/test/stored-events';
import { stopAllChildren } from '@floorwatch/servers/child';
import { isClose } from '../reference/agree.ts';
import { expectedCounts, expectedTasks, expectedTaskTimes, expectedTrend, type ExpectedTask } from './expected.ts';
import { proveFloor } from './prove-floor.ts';
import { documentedFixture, MAP, randomFixture, type Fixture } from './fixture.ts';
import { expandMacros, loadFormat, loadPageCode, numberOf, type Prove, type Row } from './page-code.ts';

const MINUTE_MS = 60_000;
const NO_FILTERS = { site: '', map: '', model: '', zone: '' };

export interface KpiProof {
  /** Page and figure, such as `fleet/working`. */
  kpi: string;
  /** As the page writes it. */
  shown: string;
  /** The figure computed from the events, written in the same way. */
  expected: string;
  ok: boolean;
}

interface KpiOptions {
  /** 0 for the fixture of docs/reference/kpis.md. */
  seed?: number;
  onRow?: (row: KpiProof) => void;
}

/**
 * Stores the events of a fixture in a real ClickHouse, runs the queries of the pages, and compares each figure with the one that
 * is computed from the events.
 * @throws ComponentUnavailableError
 */
export async function runKpis({ seed = 0, onRow = () => undefined }: KpiOptions): Promise<KpiProof[]> {
  const page = await loadPageCode();
  const format = loadFormat();
  const clickhouse = await startTestServer();
  const proven: KpiProof[] = [];
  const prove: Prove = (kpi, shown, expected, unit = 'none', decimals = 0) => {
    const ok = shown === null || expected === null ? shown === expected : isClose(expected, shown);
    const row = { kpi, shown: format(shown, unit, decimals), expected: format(expected, unit, decimals), ok };
    proven.push(row);
    onRow(row);
  };
  try {
    // An hour that is over, so that no minute of it is still open, in whole five minutes, as floor cells are.
    const endMs = Math.floor(Date.now() / (5 * MINUTE_MS)) * 5 * MINUTE_MS - 10 * MINUTE_MS;
    const fixture = seed === 0 ? documentedFixture(endMs) : randomFixture(seed, endMs);
    const { range } = fixture;
    await store(clickhouse.as('owner'), fixture);
    const ask = (sql: string): Promise<Row[]> => rows<Row>(clickhouse.as('reader'), expandMacros(sql, range));

    const [trend, tasks] = [await ask(page.kpiTrend(range)), await ask(page.kpiTasks(range))];
    const [then] = await ask(page.kpiCounts({ atMs: endMs }));
    const expectedThen = expectedCounts(fixture, { atMs: endMs, isNow: false });
    const [past, weekBefore] = [expectedTrend(fixture, 0), expectedTrend(fixture, 1)];
    for (const tile of page.kpiTiles({ counts: then, trend, tasks }, range)) {
      const { id, unit, decimals, value, points } = tile;
      const ofRange = ['tasks_per_hour', 'utilisation', 'p95_task_seconds', 'events_per_second'].includes(id);
      prove(`fleet/${id}`, value, (ofRange ? past : expectedThen)[id] ?? null, unit, decimals);
      if (points.length === 0) continue;
      const last = points.findLast((point) => point !== null) ?? null;
      if (!ofRange) prove(`fleet/${id}, newest minute`, last, past[id] ?? null, unit, 2);
      prove(`fleet/${id}, a week ago`, tile.weekBefore, weekBefore[id] ?? null, unit, decimals);
    }
    prove('fleet/expected', numberOf(then?.['expected']), expectedThen['expected'] ?? null);

    const ended = expectedTasks(fixture.events, fixture.zones, range);
    const answer = await ask(page.taskTimes(NO_FILTERS, 'UTC'));
    const groups: [part: string, of: string, tasksOf: ExpectedTask[]][] = [
      ['all', '', ended],
      ...groupsOf(ended, 'robot', ({ robot }) => robot),
      ...groupsOf(ended, 'zone', ({ place }) => place),
      ...groupsOf(ended, 'hour', ({ endedMs }) => String(new Date(endedMs).getUTCHours())),
    ];
    for (const [part, of, own] of groups) {
      const row = answer.find((one) => one['part'] === part && groupOf(one, part) === of);
      for (const [name, expected] of Object.entries(expectedTaskTimes(own))) {
        const isTime = name.endsWith('_seconds');
        const kpi = `tasks/${part === 'all' ? '' : `${part} ${of}, `}${name}`;
        prove(kpi, numberOf(row?.[name]), expected, isTime ? 's' : 'none', isTime ? 1 : 0);
      }
    }
    const failures = Map.groupBy(
      ended.filter(({ failed }) => failed),
      ({ code }) => code
    );
    const codes = answer.filter((row) => row['part'] === 'code');
    prove('tasks/codes of failures', codes.length, failures.size);
    for (const [code, own] of failures) {
      const row = codes.find((one) => one['code'] === code);
      prove(`tasks/failures ${code}`, numberOf(row?.['failed']), own.length);
      const robots = new Set(own.map(({ robot }) => robot)).size;
      prove(`tasks/robots with failures ${code}`, numberOf(row?.['failed_robots']), robots);
    }
    const [slowest] = await ask(page.slowestTasks(NO_FILTERS));
    prove('tasks/slowest', numberOf(slowest?.['Duration']), expectedTaskTimes(ended)['max_seconds'] ?? null, 's', 1);

    await proveFloor(fixture, page, ask, prove);
    await reportNow(clickhouse.as('owner'), fixture);
    const [now] = await ask(page.kpiCounts());
    const expectedNow = expectedCounts(fixture, { atMs: endMs, isNow: true });
    for (const { id, value, unit, decimals } of page.kpiTiles({ counts: now, trend: [], tasks: [] }, range)) {
      // The last arrival is in the future, see reportNow.
      const expected = id === 'data_age_seconds' ? 0 : (expectedNow[id] ?? null);
      if (value !== null) prove(`fleet now/${id}`, value, expected, unit, decimals);
    }
    return proven;
  } finally {
    await clickhouse.stop();
    await stopAllChildren();
  }
}

async function store(owner: ClickHouseClient, { events, registered, zones }: Fixture): Promise<void> {
  await migrate(owner);
  // A refresh between two inserts would compute their minutes without the second, and again only 30 s later.
  await owner.command({ query: 'SYSTEM STOP VIEWS' });
  const insert = (table: string, values: object[]): Promise<unknown> =>
    owner.insert({ table: `warehouse.${table}`, format: 'JSONEachRow', values });
  await insert(
    'robots',
    registered.map((robot_id) => ({ robot_id, model: 'lift', site_id: '', fleet: '' }))
  );
  await insert(
    'zones',
    zones.map(({ zone_id, name, from, to }) => {
      const polygon = [
        { x: from, y: from },
        { x: to, y: from },
        { x: to, y: to },
        { x: from, y: to },
      ];
      return { map_id: MAP, zone_id, name, kind: 'area', polygon, updated_at: '2026-01-01 00:00:00' };
    })
  );
  await storeEvents(
    owner,
    events.map((event) => ({ ...event }))
  );
  await owner.command({ query: 'SYSTEM START VIEWS' });
  await refreshViews(owner, ['robot_states_mv', 'telemetry_minute_mv', 'telemetry_minute_mv', 'telemetry_hour_mv']);
  // A refresh computes some minutes of old cells.
  await refreshViews(owner, [...Array<string>(4).fill('floor_cells_mv'), 'floor_cells_hour_mv']);
}

/**
 * Robots that reported to the end of the hour report again now. Their arrival is dated ten minutes ahead, so that a slow machine
 * does not make them silent before the page asks.
 */
async function reportNow(owner: ClickHouseClient, { events, range }: Fixture): Promise<void> {
  const nowMs = Date.now();
  const inHour = events.filter(({ tsMs }) => tsMs >= range.fromMs);
  const last = [...Map.groupBy(inHour, ({ robot_id: robot }) => robot).values()].flatMap((own) => own.slice(-1));
  const speaking = last.filter(({ tsMs }) => range.toMs - tsMs <= MINUTE_MS);
  const received_at = dateTime(nowMs + 10 * MINUTE_MS);
  await storeEvents(
    owner,
    speaking.map((event) => ({
      ...event,
      tsMs: nowMs,
      event_type: 'HEARTBEAT',
      task_id: null,
      error_code: null,
      received_at,
    }))
  );
}

function groupsOf(
  tasks: readonly ExpectedTask[],
  part: string,
  of: (task: ExpectedTask) => string
): [string, string, ExpectedTask[]][] {
  return [...Map.groupBy(tasks, of)].map(([name, own]) => [part, name, own]);
}

/** What a row of a part is about, as `groupsOf` names it. */
function groupOf(row: Row, part: string): string {
  const text = (column: string): string => {
    const value = row[column];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : 'none';
  };
  return part === 'all' ? '' : part === 'zone' ? `${text('map_id')} ${text('zone_name')}` : text(part);
}
