import { describe, expect, test } from 'vitest';
import { normaliseVda5050State } from '../formats/vda5050.ts';
import { decodeJson, readerOf } from './json.ts';
import { topicFormat } from './topic-format.ts';

const NOW_MS = Date.UTC(2026, 0, 2);
const good = (id: string) => `{"robot_id":"${id}","ts":"2026-01-01T00:00:00Z"}`;

/** Robot ids of valid events, and reasons and raw bytes of invalid ones. */
function summary(value: Buffer | string | null) {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value;
  return [...decodeJson(bytes, NOW_MS)].map((o) =>
    o.ok ? o.value.robotId : `${o.reason}:${o.raw.toString('latin1')}`
  );
}

describe('decodeJson', () => {
  test('reads one object', () => {
    expect(summary(good('a'))).toEqual(['a']);
  });

  test('reads a pretty-printed object', () => {
    expect(summary(JSON.stringify(JSON.parse(good('a')), null, 2))).toEqual(['a']);
  });

  test('reads lines, also with blank lines and CRLF, and validates each alone', () => {
    expect(summary(`${good('a')}\r\n\n nope \n[${good('b')},7]\n${good('c')}\n`)).toEqual([
      'a',
      'invalid_json:nope',
      'b',
      'not_an_object:7',
      'c',
    ]);
  });

  test('reads an array and keeps the exact bytes of a bad element', () => {
    expect(summary(` [ ${good('a')} , {"robot_id" : "],\\"}" } ,${good('b')}]`)).toEqual([
      'a',
      'ts_missing:{"robot_id" : "],\\"}" }',
      'b',
    ]);
  });

  test('a broken object over several lines is one dead letter', () => {
    expect(summary('{\n"robot_id": "a",\n')).toEqual(['invalid_json:{\n"robot_id": "a",\n']);
  });

  test('an empty array is one dead letter', () => {
    expect(summary('[ ]')).toEqual(['not_an_object:[ ]']);
  });

  test('skips a byte order mark at the start of a message or a line', () => {
    expect(summary(`\ufeff${good('a')}\n\ufeff${good('b')}`)).toEqual(['a', 'b']);
  });

  test('a tombstone and an empty value have their own reasons', () => {
    expect(summary(null)).toEqual(['tombstone:']);
    expect(summary('')).toEqual(['tombstone:']);
  });

  test('invalid UTF-8 makes only its line invalid, and keeps the bytes', () => {
    const line = Buffer.from('{"robot_id":"\xff","ts":0}', 'latin1');
    const value = Buffer.concat([Buffer.from(`${good('a')}\n`), line, Buffer.from(`\n${good('b')}`)]);
    expect(summary(value)).toEqual(['a', `invalid_utf8:${line.toString('latin1')}`, 'b']);
    expect(summary(line)).toEqual([`invalid_utf8:${line.toString('latin1')}`]);
  });

  test('a message of 5 MB is a dead letter with its bytes, without being parsed', () => {
    const [outcome] = decodeJson(Buffer.alloc(5_000_000, 0x20), NOW_MS);
    expect(outcome).toMatchObject({ ok: false, reason: 'message_too_large' });
    expect(outcome?.raw).toHaveLength(5_000_000);
  });

  test('NaN and an overflowing number are not JSON', () => {
    expect(summary('{"robot_id":"a","ts":0,"x":NaN}')[0]).toMatch(/^invalid_json/);
    expect(summary('{"robot_id":"a","ts":"2026-01-01T00:00:00Z","x":1e999,"y":0}')[0]).toMatch(/^invalid_json/);
  });
});

describe('readerOf', () => {
  const { decode: decodeVda5050 } = topicFormat(readerOf(normaliseVda5050State));
  const state = {
    version: '2.1.0',
    timestamp: '2026-01-01T00:00:00Z',
    manufacturer: 'ACME',
    serialNumber: '7',
    driving: false,
    operatingMode: 'AUTOMATIC',
    errors: [],
    batteryState: { batteryCharge: 50, charging: true },
    safetyState: { eStop: 'NONE', fieldViolation: false },
  };

  test('validates a message of another format by the contract, and keeps its original bytes', () => {
    const bytes = Buffer.from(JSON.stringify(state));
    expect([...decodeVda5050(bytes, NOW_MS)]).toMatchObject([{ ok: true, value: { robotId: 'ACME/7' }, raw: bytes }]);
    const empty = Buffer.from(JSON.stringify({ ...state, batteryState: { batteryCharge: 300, charging: true } }));
    expect([...decodeVda5050(empty, NOW_MS)]).toMatchObject([
      { ok: false, reason: 'battery_out_of_range', raw: empty },
    ]);
  });

  test('a message of another version is one dead letter', () => {
    const bytes = Buffer.from(JSON.stringify({ ...state, version: '1.1.0' }));
    expect([...decodeVda5050(bytes, NOW_MS)]).toMatchObject([{ ok: false, reason: 'vda5050_version_unsupported' }]);
  });
});
