import { FieldType, toDataFrame } from '@grafana/data';
import { readFleet, type ReadOptions } from './readFleet';
import { statusAt } from './status';

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
  expect(problem).toMatch(/^Query B returns robots too: the map shows those of query A only/);
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
  expect(fleet.duplicates).toBe(1);
});

it('concludes silence from the age, whatever the robot said last', () => {
  const place = { robot_id: ['a', 'b', 'c'], x: [1, 1, 1], y: [1, 1, 1] };
  expect(statuses({ ...place, state: ['working', 'working', 'offline'], age_seconds: [5, 61, 900] })).toEqual([
    'working',
    'silent',
    'offline',
  ]);
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
