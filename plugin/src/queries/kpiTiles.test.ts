import { kpiTiles, type KpiTile } from './kpiTiles';

const MINUTE_MS = 60_000;
/** Three buckets of a minute. */
const RANGE = { fromMs: 0, toMs: 3 * MINUTE_MS };
const COUNTS = {
  ...{
    robots: 10,
    working: 3,
    idle: 1,
    charging: 1,
    blocked: 1,
    error: 1,
    silent: 1,
    offline: 1,
    manual: 0,
    maintenance: 1,
  },
  ...{ unknown: 0, not_placed: 2, low_battery: 4, data_age_seconds: 0.7, expected: 12 },
};
const minute = (at: number, weeksAgo: number, row: object) => ({ weeks_ago: weeksAgo, time: at * MINUTE_MS, ...row });
const byId = (tiles: KpiTile[]) => new Map<string, KpiTile>(tiles.map((tile) => [tile.id, tile]));

it('shows states that add up to the fleet, the rare ones only when there are some', () => {
  const tiles = kpiTiles({ counts: COUNTS, trend: [], tasks: [] }, RANGE);
  const states = tiles.filter(
    ({ id, leadsTo }) => typeof leadsTo === 'object' && leadsTo.robots === id && id !== 'online'
  );
  expect(states.map(({ id }) => id)).toEqual([
    'working',
    'idle',
    'charging',
    'blocked',
    'error',
    'silent',
    'offline',
    'maintenance',
  ]);
  expect(states.reduce((sum, { value }) => sum + (value ?? NaN), 0)).toBe(10);
  expect(byId(tiles).get('online')).toMatchObject({ value: 8 });
});

it('shows no 0 for what it does not know', () => {
  for (const { value, weekBefore } of kpiTiles({ counts: undefined, trend: [], tasks: [] }, RANGE)) {
    expect([value, weekBefore]).toEqual([null, null]);
  }
});

it('shows no 0 of a past moment of which nothing is known', () => {
  const counts = { ...COUNTS, robots: 0, working: 0, low_battery: 0, is_known: 0 };
  const tiles = byId(kpiTiles({ counts, trend: [], tasks: [] }, RANGE));
  for (const id of ['online', 'working', 'silent', 'low_battery', 'not_placed']) {
    expect([id, tiles.get(id)?.value]).toEqual([id, null]);
  }
});

it('has the past of each figure, with a gap where no minute was computed, and the same time a week before', () => {
  const working = { working: 2, idle: 1, offline: 1, tasks_completed: 1, seconds_working: 120, seconds_reported: 240 };
  const tiles = byId(
    kpiTiles(
      {
        counts: COUNTS,
        trend: [minute(0, 0, working), minute(2, 0, working), minute(1, 1, { ...working, working: 5 })],
        tasks: [
          { weeks_ago: 0, is_all: 1, time: 0, p95_seconds: 55 },
          { weeks_ago: 0, is_all: 0, time: MINUTE_MS, p95_seconds: 44 },
        ],
      },
      RANGE
    )
  );
  expect(tiles.get('working')).toMatchObject({ points: [2, null, 2], pointsBefore: [null, 5, null], weekBefore: 5 });
  expect(tiles.get('online')).toMatchObject({ points: [3, null, 3], weekBefore: 6 });
  // Two tasks in three minutes.
  expect(tiles.get('tasks_per_hour')?.value).toBeCloseTo(40);
  expect(tiles.get('tasks_per_hour')?.weekBefore).toBeCloseTo(20);
  expect(tiles.get('utilisation')).toMatchObject({ value: 50, points: [50, null, 50] });
  expect(tiles.get('p95_task_seconds')).toMatchObject({ value: 55, points: [null, 44, null], weekBefore: null });
});

it('reads numbers and times as ClickHouse writes them in JSON', () => {
  const trend = [{ weeks_ago: 0, time: '1970-01-01 00:01:00.000', events_per_second: '3.5' }];
  const tiles = byId(kpiTiles({ counts: { ...COUNTS, working: '3' }, trend, tasks: [] }, RANGE));
  expect(tiles.get('working')?.value).toBe(3);
  expect(tiles.get('events_per_second')).toMatchObject({ value: 3.5, points: [null, 3.5, null] });
});
