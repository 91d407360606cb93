import { toDataFrame } from '@grafana/data';
import { readErrorCode, readNumber, readTimeMs } from './cell';

const field = (value: unknown) => toDataFrame({ fields: [{ name: 'cell', values: [value] }] }).fields[0];
const NOW = Date.UTC(2026, 10, 22, 12);

it.each([
  ['milliseconds', NOW],
  ['seconds', NOW / 1_000],
  ['microseconds', NOW * 1_000],
  ['nanoseconds as ROS stamps them, as text', `${NOW}000000`],
  ['a Date', new Date(NOW)],
  ['text with nanoseconds', '2026-11-22 12:00:00.000000000'],
])('reads a time in %s', (_, value) => {
  expect(readTimeMs(field(value), 0)).toBeCloseTo(NOW, 0);
});

it.each([0, '0', false, 'false', null, ' '])('takes an error code of %j for no error', (value) => {
  expect(readErrorCode(field(value), 0)).toBe('');
});

it.each([
  [42, '42'],
  ['E042', 'E042'],
])('keeps an error code of %j', (value, code) => {
  expect(readErrorCode(field(value), 0)).toBe(code);
});

it('reads wide integers, and takes no truth value for a number', () => {
  expect(readNumber(field(BigInt(12)), 0)).toBe(12);
  expect(readNumber(field(true), 0)).toBeNaN();
});
