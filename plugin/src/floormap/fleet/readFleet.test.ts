import { FieldType, toDataFrame } from '@grafana/data';
import { readFleet, type ReadOptions } from './readFleet';
import { tooFar } from './reasons';
import { statusAt } from './status';
import { testFleet } from './testFleet';

const NOW = Date.UTC(2026, 10, 22, 12);
const options: ReadOptions = { mapping: {}, silentAfterSeconds: 60, headingInDegrees: false, nowMs: NOW };
const frame = (columns: Record<string, unknown[]>, refId = 'A') =>
  toDataFrame({ refId, fields: Object.entries(columns).map(([name, values]) => ({ name, values })) });
const statuses = (columns: Record<string, unknown[]>) =>
  Array.from(readFleet([frame(columns)], options).fleet.statuses, statusAt);

it('draws something right from robot_id, x and y alone', () => {
  const { fleet, problem } = readFleet([frame({ robot_id: ['a', 'b'], x: [1, 2], y: [3, 4] })], options);
  expect(problem).toBe('');
  expect(fleet.robotIds).toEqual(['a', 'b']);
  expect([...fleet.xMetres, ...fleet.yMetres]).toEqual([1, 2, 3, 4]);
  expect(Array.from(fleet.statuses, statusAt)).toEqual(['unknown', 'unknown']);
});

it('recognises the contract whatever the case, and what a mapping names', () => {
  const { fleet } = readFleet([frame({ Robot_ID: ['a'], X: [1], Y: [2], dir: [90] })], {
    ...options,
    mapping: { heading: 'dir' },
    headingInDegrees: true,
  });
  expect(fleet.headingRadians[0]).toBeCloseTo(Math.PI / 2, 12);
});

it('names the missing field and the query', () => {
  const { problem } = readFleet([frame({ robot_id: ['a'], y: [2], speed: [1] }, 'B')], options);
  expect(problem).toBe(
    "Query B has no field x (it has robot_id, y, speed): rename a column, or map it in the panel's options."
  );
});

it('names a mapped field that is not there', () => {
  const mapping = { x: 'east' };
  const { problem } = readFleet([frame({ robot_id: ['a'], x: [1], y: [2] })], { ...options, mapping });
  expect(problem).toMatch(/^Query A has no field east /);
});

it('says which robots it leaves out when two queries return some', () => {
  const one = { robot_id: ['a'], x: [1], y: [2] };
  const { fleet, problem } = readFleet([frame(one, 'A'), frame({ ...one, robot_id: ['b'] }, 'B')], options);
  expect(fleet.robotIds).toEqual(['a']);
  expect(problem).toMatch(/^Query B returns robots too, but the map shows those of query A only: [^.]*\.$/);
});

it('says that a query returns several tables of robots', () => {
  const one = { robot_id: ['a'], x: [1], y: [2] };
  const { fleet, problem } = readFleet([frame(one), frame({ ...one, robot_id: ['b'] })], options);
  expect(fleet.robotIds).toEqual(['a']);
  expect(problem).toBe('Query A returns 2 tables of robots, of which the map shows the first: let it return one.');
});

it('takes the frame that holds robots when there are two', () => {
  const { fleet } = readFleet([frame({ value: [1] }), frame({ robot_id: ['a'], x: [1], y: [2] }, 'B')], options);
  expect(fleet.count).toBe(1);
});

it('says that there is no data when there is none', () => {
  expect(readFleet([], options).problem).toContain('The query returned no rows');
});

it('never puts a robot with half a position, NaN or null anywhere', () => {
  const { fleet } = readFleet(
    [frame({ robot_id: ['a', 'b', 'c', 'd'], x: [1, null, NaN, 'far'], y: [null, 2, 3, 4] })],
    options
  );
  expect([...fleet.xMetres]).toEqual([NaN, NaN, NaN, NaN]);
  expect([...fleet.yMetres]).toEqual([NaN, NaN, NaN, NaN]);
});

it('reads numbers that the data source sends as text', () => {
  const { fleet } = readFleet([frame({ robot_id: ['a'], x: ['1.5'], y: ['-2'] })], options);
  expect([fleet.xMetres[0], fleet.yMetres[0]]).toEqual([1.5, -2]);
});

it('keeps the last row of a robot and counts the older ones', () => {
  const { fleet } = readFleet([frame({ robot_id: ['a', 'b', 'a', null], x: [1, 2, 3, 4], y: [0, 0, 0, 0] })], options);
  expect(fleet.robotIds).toEqual(['a', 'b']);
  expect(fleet.xMetres[0]).toBe(3);
  expect([fleet.olderRows, fleet.namelessRows]).toEqual([1, 1]);
});

it.each([
  ['time', { ts: [NOW - 1_000, NOW - 60_000, NOW - 9_000] }],
  ['age', { age_seconds: [1, 60, 9] }],
])('keeps the newest row of a robot by its %s, however the query sorts them', (_, when) => {
  const { fleet } = readFleet([frame({ robot_id: ['a', 'a', 'a'], x: [1, 2, 3], y: [0, 0, 0], ...when })], options);
  expect([fleet.xMetres[0], fleet.ageSeconds[0], fleet.olderRows]).toEqual([1, 1, 2]);
});

it.each([
  ['ClickHouse text, which is UTC', '2026-11-22 11:59:30', 30],
  ['ISO text', '2026-11-22T12:59:30+01:00', 30],
  ['a day', '2026-11-22', 43_200],
  ['seconds since the epoch', NOW / 1_000 - 30, 30],
  ['a clock that runs ahead', NOW + 5_000, 0],
  ['nonsense', 'yesterday', NaN],
])('works out the age from %s', (_, ts, ageSeconds) => {
  const { fleet } = readFleet([frame({ robot_id: ['a'], x: [1], y: [1], ts: [ts] })], options);
  expect(fleet.ageSeconds[0]).toBe(ageSeconds);
});

it('takes what no robot can report for not known', () => {
  const mad = { x: [1e8], y: [1], theta: [1e300], battery: [-1], age_seconds: [-3] };
  const { fleet } = readFleet([frame({ robot_id: ['a'], ...mad })], options);
  expect([fleet.xMetres[0], fleet.headingRadians[0], fleet.batteryPercent[0], fleet.ageSeconds[0]]).toEqual([
    NaN,
    NaN,
    NaN,
    0,
  ]);
  expect(fleet.notPlacedReasons).toEqual([tooFar()]);
});

it('concludes silence from the age, whatever the robot said last', () => {
  const place = { robot_id: ['a', 'b', 'c'], x: [1, 1, 1], y: [1, 1, 1] };
  expect(statuses({ ...place, state: ['working', 'working', 'offline'], age_seconds: [5, 61, 900] })).toEqual([
    'working',
    'silent',
    'offline',
  ]);
});

it('shows robots as late, not as silent, while the pipeline lags, and says so', () => {
  const place = { robot_id: ['a', 'b', 'c'], x: [1, 1, 1], y: [1, 1, 1], state: ['working', 'idle', 'idle'] };
  const ages = { age_seconds: [610, 600, 900], silent_seconds: [8, 3, 300] };
  expect(statuses({ ...place, ...ages })).toEqual(['working', 'idle', 'silent']);
  const { fleet, problem } = readFleet([frame({ ...place, ...ages })], options);
  expect(fleet.lateRobots).toBe(2);
  expect(problem).toContain('The pipeline lags: 2 of 3 robots are shown as they were 10 min or longer ago.');
  const all = readFleet([frame({ ...place, age_seconds: [610, 600, 900], silent_seconds: [0, 0, 0] })], options);
  expect(all.problem).toContain('all robots are shown as they were 10 min or longer ago');
});

it('works out the age from a time column', () => {
  const data = toDataFrame({
    fields: [
      { name: 'robot_id', values: ['a'] },
      { name: 'x', values: [1] },
      { name: 'y', values: [1] },
      { name: 'ts', type: FieldType.time, values: [NOW - 90_000] },
    ],
  });
  const { fleet } = readFleet([data], options);
  expect(fleet.ageSeconds[0]).toBe(90);
  expect(statusAt(fleet.statuses[0] ?? 0)).toBe('silent');
});

it('reads 100,000 rows', () => {
  const ids = Array.from({ length: 100_000 }, (_, i) => `robot-${i}`);
  const many = frame({ robot_id: ids, x: ids.map((_, i) => i), y: ids.map(() => 1) });
  expect(readFleet([many], options).fleet.count).toBe(100_000);
});

it('leaves it to a query that knows silence which robots are silent', () => {
  const rows = [
    { robot_id: 'a', x: 1, y: 1, status: 'working', age_seconds: 90, silent_seconds: 90 },
    { robot_id: 'b', x: 1, y: 1, status: 'offline', age_seconds: 90_000, silent_seconds: 90_000 },
    { robot_id: 'c', x: 1, y: 1, status: 'silent', age_seconds: 61, silent_seconds: 61 },
  ];
  const { statuses } = testFleet(rows);
  expect([...statuses].map(statusAt)).toEqual(['working', 'offline', 'silent']);
});
