import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate } from '../src/migrate/migrate.ts';
import { startTestServer, type TestServer } from './clickhouse.ts';
import { rounded, storeEvents } from './stored-events.ts';

/**
 * The dashboards of the original design query `telemetry_raw` and `task_events_mv` directly. Its queries, and similar ones, must
 * run unchanged as the reader, within the reader's limits.
 */
const nowMs = Date.now();
const seconds = Math.floor(nowMs / 1000);
let clickhouse: TestServer;

beforeAll(async () => {
  clickhouse = await startTestServer();
  await migrate(clickhouse.as('owner'));
  const event = (robot: number, agoSeconds: number, fields: object) => ({
    ...{ robot_id: `amr-${robot}`, tsMs: nowMs - agoSeconds * 1000, x: robot, y: 2 * robot, battery: 10 * robot + 5 },
    ...fields,
  });
  const task = (robot: number, task_id: string, tookSeconds: number, end: string) => [
    event(robot, 60 + tookSeconds, { event_type: 'TASK_STARTED', task_id }),
    event(robot, 60, { event_type: end, task_id }),
  ];
  await storeEvents(clickhouse.as('owner'), [
    ...[1, 2, 3].map((robot) => event(robot, 10, {})),
    event(3, 5, { battery: null, event_type: 'ERROR', error_code: 'E7' }),
    event(4, 3_600, {}),
    ...task(1, 't1', 30, 'TASK_COMPLETED'),
    ...task(2, 't2', 60, 'TASK_COMPLETED'),
    ...task(2, 't3', 90, 'TASK_FAILED'),
  ]);
});
afterAll(async () => {
  await clickhouse.stop();
});

const RAW = 'FROM warehouse.telemetry_raw';
const RECENT = 'WHERE ts > now() - INTERVAL 5 MINUTE';
const [FROM_TIME, TO_TIME] = [seconds - 300, seconds + 60];
/** How Grafana's ClickHouse data source expands $__timeFilter(ts), $__timeFilter_ms(ts) and $__timeInterval(ts). */
const TIME_FILTER = `ts >= toDateTime(${FROM_TIME}) AND ts <= toDateTime(${TO_TIME})`;
const TIME_FILTER_MS = `ts >= fromUnixTimestamp64Milli(${FROM_TIME}000) AND ts <= fromUnixTimestamp64Milli(${TO_TIME}000)`;
const TIME_INTERVAL = 'toStartOfInterval(toDateTime(ts), INTERVAL 86400 second)';

const robots = [1, 2, 3].map((n) => ({ robot_id: `amr-${n}`, x: n, y: 2 * n }));
const batteries = (column: string, values: number[]): object[] =>
  values.map((value) => ({ [column]: value, robots: 1 }));

test.each<[query: string, answer: object[]]>([
  [`SELECT DISTINCT robot_id, x, y ${RAW} ${RECENT} ORDER BY robot_id`, robots],
  [
    `SELECT robot_id, x, y FROM (SELECT robot_id, x, y, ts ${RAW} ${RECENT} ORDER BY ts DESC LIMIT 1 BY robot_id) ORDER BY robot_id`,
    robots,
  ],
  [
    `SELECT robot_id, argMax(x, ts) AS x, argMax(y, ts) AS y ${RAW} ${RECENT} GROUP BY robot_id ORDER BY robot_id`,
    robots,
  ],
  [`SELECT robot_id, anyLast(x) AS x, anyLast(y) AS y ${RAW} ${RECENT} GROUP BY robot_id ORDER BY robot_id`, robots],
  [`SELECT count(DISTINCT robot_id) AS n ${RAW} ${RECENT}`, [{ n: 3 }]],
  [`SELECT uniq(robot_id) AS n ${RAW} WHERE ts >= now() - INTERVAL 5 MINUTE`, [{ n: 3 }]],
  [`SELECT uniqExact(robot_id) AS n ${RAW} WHERE ts >= subtractMinutes(now(), 5)`, [{ n: 3 }]],
  [`SELECT uniqExact(robot_id) AS n ${RAW} WHERE ts > now64() - toIntervalMinute(5)`, [{ n: 3 }]],
  [`SELECT uniqExact(robot_id) AS n ${RAW} WHERE ${TIME_FILTER}`, [{ n: 3 }]],
  [`SELECT uniqExact(robot_id) AS n ${RAW} WHERE ${TIME_FILTER_MS}`, [{ n: 3 }]],
  [`SELECT count() > 0 AS any ${RAW}`, [{ any: 1 }]],
  [`SELECT count() > 0 AS any ${RAW} ${RECENT}`, [{ any: 1 }]],
  [
    `SELECT ${TIME_INTERVAL} = toStartOfDay(ts) AS day, uniqExact(robot_id) AS n ${RAW} ${RECENT} GROUP BY day`,
    [{ day: 1, n: 3 }],
  ],
  [
    `SELECT robot_id, count() AS n ${RAW} FINAL WHERE event_type = 'ERROR' AND error_code != '' GROUP BY robot_id`,
    [{ robot_id: 'amr-3', n: 1 }],
  ],
  [
    `SELECT error_code, uniqExact(event_id) AS n ${RAW} WHERE error_code IS NOT NULL GROUP BY error_code`,
    [{ error_code: 'E7', n: 1 }],
  ],
  // A minute can begin between the insert and the query.
  [`SELECT dateDiff('minute', max(received_at), now()) < 5 AS recent ${RAW}`, [{ recent: 1 }]],

  [
    `SELECT battery, count(DISTINCT robot_id) AS robots ${RAW} ${RECENT} AND battery IS NOT NULL GROUP BY battery ORDER BY battery`,
    batteries('battery', [15, 25, 35]),
  ],
  [
    `SELECT floor(battery / 10) * 10 AS bucket, uniqExact(robot_id) AS robots ${RAW} ${RECENT} AND battery > 0 GROUP BY bucket ORDER BY bucket`,
    batteries('bucket', [10, 20, 30]),
  ],
  [
    `SELECT intDiv(battery, 10) * 10 AS bucket, uniq(robot_id) AS robots ${RAW} ${RECENT} AND battery >= 0 GROUP BY bucket ORDER BY bucket`,
    batteries('bucket', [10, 20, 30]),
  ],
  [
    `SELECT widthBucket(battery, 0, 100, 10) AS bucket, uniq(robot_id) AS robots ${RAW} ${RECENT} AND battery >= 0 GROUP BY bucket ORDER BY bucket`,
    batteries('bucket', [2, 3, 4]),
  ],
  [
    `SELECT roundDown(battery, [0, 20, 40, 60, 80]) AS bucket, uniq(robot_id) AS robots ${RAW} WHERE ${TIME_FILTER} AND battery < 20 GROUP BY bucket`,
    batteries('bucket', [0]),
  ],
  [`SELECT length(histogram(3)(battery)) AS bins ${RAW} ${RECENT}`, [{ bins: 3 }]],
  [`SELECT arrayJoin(histogram(5)(battery)).3 > 0 AS filled ${RAW} ${RECENT} LIMIT 1`, [{ filled: 1 }]],
  [`SELECT quantiles(0, 1)(battery) AS ends ${RAW} ${RECENT}`, [{ ends: [15, 35] }]],
  [
    `SELECT min(battery) AS low, quantile(0.5)(level) AS middle, max(battery) AS high FROM (SELECT robot_id, battery, battery AS level ${RAW} ${RECENT} LIMIT 1 BY robot_id, battery)`,
    [{ low: 15, middle: 25, high: 35 }],
  ],
  [
    `SELECT avg(level) AS mean FROM (SELECT robot_id, argMax(battery, ts) AS level ${RAW} ${RECENT} GROUP BY robot_id)`,
    [{ mean: 25 }],
  ],

  [`SELECT avg(task_duration) AS s FROM warehouse.task_events_mv`, [{ s: 60 }]],
  [`SELECT avg(task_duration) AS s FROM warehouse.task_events_mv WHERE event_type = 'TASK_COMPLETED'`, [{ s: 45 }]],
  [
    `SELECT avgIf(task_duration, event_type = 'TASK_COMPLETED') AS s FROM warehouse.task_events_mv WHERE ${TIME_FILTER}`,
    [{ s: 45 }],
  ],
  [`SELECT avg(task_duration) AS s FROM warehouse.task_events_mv WHERE ${TIME_FILTER_MS}`, [{ s: 60 }]],
  [`SELECT avg(task_duration) AS s FROM warehouse.task_events_mv WHERE ts > now() - INTERVAL 1 HOUR`, [{ s: 60 }]],
  [
    `SELECT robot_id, avg(task_duration) AS s FROM warehouse.task_events_mv GROUP BY robot_id ORDER BY robot_id`,
    [
      { robot_id: 'amr-1', s: 30 },
      { robot_id: 'amr-2', s: 75 },
    ],
  ],
  [
    `SELECT ${TIME_INTERVAL} AS time, avg(task_duration) AS s FROM warehouse.task_events_mv WHERE ${TIME_FILTER} GROUP BY time ORDER BY time LIMIT 0`,
    [],
  ],
  [
    `SELECT task_id, quantile(0.95)(task_duration) AS s FROM warehouse.task_events_mv WHERE task_id = 't1' GROUP BY task_id`,
    [{ task_id: 't1', s: 30 }],
  ],
])('%s', async (query, answer) => {
  expect(await rounded(clickhouse.as('reader'), query)).toEqual(answer);
});

test('the reader can read every column of the original table except meta, whose keys that are not personal are in v_events', async () => {
  const columns = [
    'event_id',
    'robot_id',
    'ts',
    'event_type',
    'task_id',
    'x',
    'y',
    'battery',
    'error_code',
    'received_at',
  ];
  const [row] = await rounded(clickhouse.as('reader'), `SELECT ${columns.join(', ')} ${RAW} LIMIT 1`);
  expect(Object.keys(row ?? {})).toEqual(columns);
  await expect(rounded(clickhouse.as('reader'), `SELECT meta ${RAW}`)).rejects.toThrow(/Not enough privileges/);
  expect(await rounded(clickhouse.as('reader'), 'SELECT meta FROM warehouse.v_events LIMIT 1')).toHaveLength(1);
});
