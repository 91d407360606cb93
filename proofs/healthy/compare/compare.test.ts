import { expect, test } from 'vitest';
import type { SentEvent } from '../fleet/ledger.ts';
import { between, differences } from './differences.ts';
import { matchMoment } from './moment.ts';
import { Patience } from './patience.ts';
import { matchPrefix } from './prefix.ts';
import { SettledRows } from './settled.ts';

/** Every comparison must be able to fail: here each gets answers that are wrong. */
const reading = (askedMs: number, isAtRest = false) => ({ askedMs, answeredMs: askedMs + 100, isAtRest });
const keyOf = (row: Record<string, unknown>): string => String(row['key']);
const expected = new Map([
  ['a', { values: { n: 1 }, sinceMs: 1_000 }],
  ['b', { values: { n: 2 }, sinceMs: 5_000 }],
]);
const right = [
  { key: 'a', n: 1 },
  { key: 'b', n: 2 },
];

test('a column differs in value, kind, range or presence', () => {
  const row = { count: 3, mean: 0.3000001, text: 'x', nothing: null, age: 4 };
  expect(differences({ count: 3, mean: 0.3, text: 'x', nothing: null, age: between(3, 5) }, row)).toEqual([]);
  expect(differences({ text: ['y', 'x'] }, row)).toEqual([]);
  for (const wrong of [{ count: 4 }, { mean: 0.31 }, { text: 'y' }, { nothing: 0 }, { count: null }, { count: '3' }]) {
    expect(differences(wrong, row), JSON.stringify(wrong)).toHaveLength(1);
  }
  expect(differences({ ms: 1_795_783_200_000 }, { ms: 1_795_783_200_001 })).toHaveLength(1);
  expect(differences({ age: between(5, 6) }, row)).toHaveLength(1);
  expect(differences({ missing: 0 }, row)).toHaveLength(1);
  expect(differences({ text: ['y', 'z'] }, row)).toHaveLength(1);
});

test('rows that settled are right, missing, wrong, unknown or there twice', () => {
  const compare = (rows: Record<string, unknown>[]) =>
    new SettledRows(3_000).compare(expected, rows, keyOf, reading(20_000));
  expect(compare(right)).toEqual({ compared: 2, mismatches: [], delayMs: 19_100 });
  expect(compare([]).mismatches).toEqual(['a: is missing', 'b: is missing']);
  expect(
    compare([
      { key: 'a', n: 1 },
      { key: 'b', n: 3 },
    ]).mismatches
  ).toEqual(['b: n is 3, not 2']);
  expect(compare([...right, { key: 'c', n: 0 }]).mismatches).toEqual(['c: should not exist']);
  expect(compare([...right, { key: 'b', n: 2 }]).mismatches).toEqual(['1 rows are there twice']);
});

test('a row may be old until the allowed time is over, but not in the end, and not once it was right', () => {
  const settled = new SettledRows(3_000);
  expect(settled.compare(expected, [{ key: 'a', n: 1 }], keyOf, reading(7_000))).toMatchObject({
    compared: 1,
    mismatches: [],
  });
  expect(settled.compare(expected, [{ key: 'a', n: 1 }], keyOf, reading(7_000, true)).mismatches).toEqual([
    'b: is missing',
  ]);
  expect(settled.compare(expected, right, keyOf, reading(7_500)).delayMs).toBe(2_600);
  expect(settled.compare(expected, [{ key: 'a', n: 1 }], keyOf, reading(7_600)).mismatches).toEqual(['b: is missing']);
});

test('an answer is right after some number of events, no fewer than were sent long ago', () => {
  const sent = [1_000, 2_000, 9_000, 9_500].map((sentMs) => ({ sentMs })) as SentEvent[];
  const after = (right: number, isAtRest = false) =>
    matchPrefix(sent, reading(10_000, isAtRest), 5_000, (length) => (length === right ? [] : [`${length}`]));
  expect(after(4)).toEqual({ length: 4, delayMs: 0, wrong: [] });
  expect(after(2)).toEqual({ length: 2, delayMs: 1_100, wrong: [] });
  expect(after(1)).toMatchObject({ length: null, wrong: ['4'] });
  expect(after(3, true)).toMatchObject({ length: null });
});

test('a count of the fleet is right when it was so at one moment of the last seconds', () => {
  const ticks = [1_000, 2_000, 9_000];
  const known = (sentUntilMs: number): string => `${ticks.filter((tickMs) => tickMs <= sentUntilMs).length} robots`;
  const match = (actual: string, isAtRest = false) =>
    matchMoment(ticks, reading(10_000, isAtRest), 5_000, actual, (sentUntilMs) => known(sentUntilMs));
  expect(match('3 robots')).toMatchObject({ found: true, delayMs: 0 });
  expect(match('2 robots')).toMatchObject({ found: true, delayMs: 1_100 });
  expect(match('1 robots')).toMatchObject({ found: false, expectedNow: '3 robots' });
  expect(match('2 robots', true)).toMatchObject({ found: false });
});

test('patience ends when an answer stays wrong, and at once in the end', () => {
  const patience = new Patience(10_000);
  expect(patience.isOver('a', true, reading(0))).toBe(false);
  expect(patience.isOver('a', true, reading(10_001))).toBe(true);
  expect(patience.isOver('a', false, reading(11_000))).toBe(false);
  expect(patience.isOver('a', true, reading(12_000))).toBe(false);
  expect(patience.isOver('a', true, reading(12_001, true))).toBe(true);
});
