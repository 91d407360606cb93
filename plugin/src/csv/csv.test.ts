import { FieldType, toDataFrame } from '@grafana/data';
import { HOSTILE } from '@floorwatch/contract/hostile-texts';
import { csvCell, csvOf } from './csv';

it.each([
  ['=1+1', "'=1+1"],
  ['+cmd|calc', "'+cmd|calc"],
  ['-2+3', "'-2+3"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', "'\\u{0009}=1"],
  ['\r=1', "'\\u{000d}=1"],
  ['\n=1', "'\\u{000a}=1"],
  ['  =1', "'  =1"],
  ['\uff1d1', "'\uff1d1"],
  ['=A,B', '"\'=A,B"'],
  ['="a"', '"\'=""a"""'],
  ['"', '""""'],
  ['a,b', '"a,b"'],
  ['a;b', '"a;b"'],
  ['amr-\u202e7', 'amr-\\u{202e}7'],
  ['amr-17', 'amr-17'],
  ['{"a":1}', '"{""a"":1}"'],
])('writes the text %j as %s', (text, cell) => {
  expect(csvCell(text, FieldType.string)).toBe(cell);
});

it('leaves numbers what they are, and writes times in UTC', () => {
  expect([-1.5, 0, NaN, null, undefined].map((value) => csvCell(value, FieldType.number))).toEqual([
    '-1.5',
    '0',
    '',
    '',
    '',
  ]);
  expect(csvCell(Date.UTC(2026, 10, 28, 3), FieldType.time)).toBe('2026-11-28T03:00:00.000Z');
});

it.each(HOSTILE.map(({ why, text }) => [why, text]))('keeps %s in its one cell, and never as a formula', (_, text) => {
  const file = csvOf(toDataFrame({ fields: [{ name: 'a', values: [text, 'x'] }] }), ['a']);
  const lines = file.slice(1).split('\r\n');
  expect(lines).toHaveLength(4);
  expect(lines[2]).toBe('x');
  const unquoted = (lines[1] ?? '').replace(/^"(.*)"$/, '$1');
  expect(unquoted).not.toMatch(/^\s*[=+\-@]/);
  expect(file).not.toMatch(/[\u202a-\u202e\u200b\u2066-\u2069]/);
});

it('writes the columns that were asked for, in their order', () => {
  const frame = toDataFrame({
    fields: [
      { name: 'Robot', type: FieldType.string, values: ['a', '=b'] },
      { name: 'Battery', type: FieldType.number, values: [80, null] },
      { name: 'hidden', values: [1, 2] },
    ],
  });
  expect(csvOf(frame, ['Battery', 'Robot'])).toBe("\ufeffBattery,Robot\r\n80,a\r\n,'=b\r\n");
});
