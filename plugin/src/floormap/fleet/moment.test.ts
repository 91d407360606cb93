import { dateTime, toDataFrame } from '@grafana/data';
import { findFields } from './fields';
import { endedAtMs, momentOfRows } from './moment';
import { readFleet } from './readFleet';
import { statusAt } from './status';

const NOW = Date.UTC(2026, 10, 22, 12);
const ENDED = NOW - 5 * 86_400_000;
const frame = (columns: Record<string, unknown[]>) =>
  toDataFrame({ refId: 'A', fields: Object.entries(columns).map(([name, values]) => ({ name, values })) });
const read = (columns: Record<string, unknown[]>) =>
  readFleet([frame({ robot_id: ['a', 'b'], x: [1, 2], y: [1, 2], ...columns })], {
    mapping: {},
    silentAfterSeconds: 60,
    headingInDegrees: false,
    nowMs: NOW,
    rangeEndMs: ENDED,
  });

it.each([
  ['now', NOW - 60_000, NaN],
  ['now/d', NOW + 3_600_000, NaN],
  ['now-5m', NOW - 300_000, NOW - 300_000],
  ['now-1d/d', NOW - 43_200_000, NOW - 43_200_000],
  [dateTime(ENDED), ENDED, ENDED],
  [dateTime(NOW + 1_000), NOW + 1_000, NaN],
])('tells a range up to %s as ended or not', (rawTo, toMs, endedMs) => {
  const range = { from: dateTime(0), to: dateTime(toMs), raw: { from: 'now-1h', to: rawTo } };
  expect(endedAtMs(range, NOW)).toBe(endedMs);
});

it('computes the ages in a past range from its end: robots of that time are not silent for five days', () => {
  const { fleet, problem } = read({ ts: [ENDED - 3_000, ENDED - 200_000] });
  expect([...fleet.ageSeconds]).toEqual([3, 200]);
  expect(Array.from(fleet.statuses, statusAt)).toEqual(['idle', 'silent']);
  expect([fleet.asOfMs, fleet.readAtMs]).toEqual([ENDED, Infinity]);
  expect(problem).toBe('');
});

it.each([
  ['their times', { ts: [ENDED + 60_000, ENDED - 1_000] }],
  ['their ages', { age_seconds: [1, 2] }],
])('says that robots are shown as they are now where the range is past, by %s', (_, when) => {
  const { fleet, problem } = read(when);
  expect(fleet.asOfMs).toBeNaN();
  expect(problem).toMatch(/^The dashboard's time lies in the past, but the query returns the fleet of now: [^.]*\.$/);
});

it('claims nothing for rows that tell no time', () => {
  const fields = findFields(frame({ robot_id: ['a'], x: [1], y: [1] }), {});
  expect(momentOfRows(fields, 1, ENDED)).toBeNaN();
  expect(read({}).problem).toBe('');
});
