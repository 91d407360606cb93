import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseNestedJson, parseStrictJson } from './strict-json.ts';

test('reads every JSON value as JSON.parse does', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.integer({ min: 0, max: 2 }), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      fc.pre(!/\d{19}/.test(text)); // JavaScript writes a large double as an integer, which may not fit into 64 bits.
      expect(parseStrictJson(text)).toEqual(JSON.parse(text));
    })
  );
});

test('reads long texts, escapes and separators in strings like JSON.parse', () => {
  const value = {
    'a":': 'x\\',
    list: Array.from({ length: 600 }, (_, i) => ({ i, s: `},{"${i}":` })),
    '\u{1f600}': '😀',
  };
  expect(parseStrictJson(JSON.stringify(value))).toEqual(value);
});

test('the first of two equal keys is used, also if one has escapes', () => {
  expect(parseStrictJson('{"a":1,"b":{"c":1, "c" :2},"a":2}')).toEqual({ a: 1, b: { c: 1 } });
  expect(parseStrictJson('{"a":1,"\\u0061":2}')).toEqual({ a: 1 });
});

test.each([
  ['a number beyond any double', '{"x":1e999}'],
  ['a number beyond any double without an object', '-1E999'],
  ['a number beyond any double in an array', '[[1],[2,1000e+306]]'],
  ['a number beyond any double that a second key hides', '{"x":1e999,"x":1}'],
  ['an integer beyond 64 bits', '{"x":18446744073709551616}'],
  ['an integer below 64 bits', '{"x":-9223372036854775809}'],
  ['a lone surrogate in a value', '{"x":"\\ud800"}'],
  ['a lone surrogate in a key', '{"\\uDC00":1}'],
  ['a value nested too deep', '['.repeat(1025) + ']'.repeat(1025)],
  ['NaN', '{"x":NaN}'],
])('%s is not JSON', (_name, text) => {
  expect(() => parseStrictJson(text)).toThrow(SyntaxError);
});

test('integers of up to 64 bits in meta keep their digits, and other fields are numbers', () => {
  const meta = '{"serial":9007199254740993,"most":[-9223372036854775808,18446744073709551615],"n":0.30000000000000004}';
  const event = parseStrictJson(`[{"ts":9007199254740993,"meta":${meta}}]`) as [{ ts: number; meta: object }];
  expect(JSON.stringify(event[0].meta)).toBe(meta);
  expect(event[0].ts).toBe(9_007_199_254_740_992);
  expect(JSON.stringify(parseNestedJson(meta))).toBe(meta);
});

test.each(['1e20', '-1.5E+19', '123456789012345680000.5'])(
  'a double in meta is not written as an integer beyond 64 bits, which ClickHouse could not read: %s',
  (number) => {
    const { meta } = parseStrictJson(`{"x":${number},"meta":{"n":[${number}]}}`) as { meta: { n: unknown[] } };
    const text = JSON.stringify(meta);
    expect(text).toMatch(/e\+\d\d\]\}$/);
    expect(JSON.parse(text)).toEqual({ n: [Number(number)] });
    expect(parseStrictJson(`{"x":${number}}`)).toEqual({ x: Number(number) });
  }
);

test('a meta that is an integer is a number, however large, not an object', () => {
  expect(parseStrictJson('{"meta":9007199254740993}')).toEqual({ meta: 9_007_199_254_740_992 });
  expect(parseStrictJson('[{"meta":9007199254740993}]')).toEqual([{ meta: 9_007_199_254_740_992 }]);
});

test.each(['1e400', '[{"a":-1E+999}]', '18446744073709551616', `1${'0'.repeat(400)}`])(
  'a number of a schema registry that ClickHouse could not read is not JSON: %s',
  (text) => {
    expect(() => parseNestedJson(text)).toThrow(SyntaxError);
  }
);

test.each([
  ['the largest integer of 64 bits', '{"x":18446744073709551615}'],
  ['a surrogate pair', '{"x":"\\ud83d\\ude00"}'],
  ['the deepest nesting', '['.repeat(1024) + ']'.repeat(1024)],
  ['a large number with an exponent', '{"x":1e300}'],
])('accepts %s', (_name, text) => {
  expect(parseStrictJson(text)).toEqual(JSON.parse(text));
});
