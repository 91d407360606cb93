import { describe, expect, test } from 'vitest';
import { readerOf, jsonReader } from '../decode/json.ts';
import { normaliseVda5050State } from '../formats/vda5050.ts';
import { parseMaskRules } from './mask-rules.ts';
import { maskedFormat } from './masked-format.ts';

const NOW_MS = Date.UTC(2026, 0, 17, 12);
const SALT = 'sixteen characters';
const event = {
  ...{ robot_id: 'amr-1', ts: NOW_MS, task_id: 'pick-4711', theta: 1, battery: 50 },
  meta: { operator: 'Erika Mustermann', heading: 2, crew: [{ name: 'Max' }, { name: 'Eva' }] },
};

function decode(fields: string, message: unknown, reader = jsonReader) {
  const rules = parseMaskRules(fields) ?? [];
  const value = Buffer.from(typeof message === 'string' ? message : JSON.stringify(message));
  return [...maskedFormat(reader, { rules, salt: SALT }).decode(value, NOW_MS)];
}

/** All data of an outcome that may be stored, dead letters included, as text. */
const textOf = (outcomes: ReturnType<typeof decode>) =>
  outcomes.map((outcome) => JSON.stringify({ ...outcome, raw: outcome.raw.toString() })).join();

describe('a valid event', () => {
  test('is stored with its fields dropped, hashed and truncated', () => {
    const [outcome] = decode('meta.operator=drop,robot_id=hash,task_id=truncate:4,meta.crew.name=truncate:1', event);
    expect(outcome).toMatchObject({ ok: true, value: { taskId: 'pick' } });
    const stored = outcome?.ok ? outcome.value : null;
    expect(stored?.robotId).toMatch(/^[0-9a-f]{32}$/);
    expect(JSON.parse(stored?.meta ?? '')).toEqual({
      operator: null,
      heading: 2,
      crew: [{ name: 'M' }, { name: 'E' }],
    });
  });

  test('has the same hash each time, and another hash with another salt', () => {
    const robotWith = (salt: string) => {
      const rules = parseMaskRules('robot_id=hash') ?? [];
      const [outcome] = maskedFormat(jsonReader, { rules, salt }).decode(Buffer.from(JSON.stringify(event)), NOW_MS);
      return outcome?.ok ? outcome.value.robotId : '';
    };
    expect(robotWith('one')).toBe(robotWith('one'));
    expect(robotWith('one')).not.toBe(robotWith('another'));
  });

  test('does not get a dropped heading from meta', () => {
    expect(decode('theta=drop', event)).toMatchObject([{ ok: true, value: { headingRadians: null } }]);
  });

  test('has masked bytes too, which become a dead letter when ClickHouse rejects the row', () => {
    expect(textOf(decode('meta.operator=drop', event))).not.toContain('Mustermann');
  });
});

describe('a dead letter', () => {
  const operator = 'meta.operator=drop,robot_id=hash';

  test('contains the masked record, and the reason for the original event', () => {
    const outcomes = decode(operator, { ...event, battery: 300 });
    expect(outcomes).toMatchObject([
      { reason: 'battery_out_of_range', detail: 'battery 300 is not within 0 to 100 percent' },
    ]);
    expect(JSON.parse(outcomes[0]?.raw.toString() ?? '')).toMatchObject({ battery: 300, meta: { operator: null } });
    expect(textOf(outcomes)).not.toMatch(/Mustermann|amr-1/);
  });

  test('does not turn an invalid robot_id into a valid one', () => {
    expect(decode(operator, { ...event, robot_id: 'x'.repeat(200) })).toMatchObject([{ reason: 'robot_id_invalid' }]);
  });

  test('does not quote a masked field in its detail', () => {
    expect(textOf(decode('battery=drop', { ...event, battery: 312.5 }))).not.toContain('312.5');
  });

  test.each([
    ['broken JSON', '{"robot_id":"amr-1","meta":{"operator":"Mustermann"'],
    ['a text instead of an object', '"operator Mustermann of amr-1"'],
    ['an array in an array', '[["Mustermann","amr-1"]]'],
    ['an object as text', JSON.stringify({ ...event, meta: '{"operator":"Mustermann"}' })],
    ['a field that is there twice', '{"robot_id":"a","meta":{"operator":"x","operator":"Mustermann"}}'],
    ['a field twice, the second time elsewhere', '{"robot_id":"a","meta":{},"meta":{"operator":"Mustermann"}}'],
  ])('leaks no byte of %s', (_, message) => {
    const outcomes = decode(operator, message);
    expect(outcomes.map(({ ok }) => ok)).toEqual([false]);
    expect(textOf(outcomes)).not.toMatch(/Mustermann|amr-1/);
  });

  test('leaks no byte of a message in another format', () => {
    const message = { version: '1.0.0', manufacturer: 'ACME', serialNumber: 'amr-1' };
    const outcomes = decode(operator, message, readerOf(normaliseVda5050State));
    expect(outcomes).toMatchObject([{ reason: 'vda5050_version_unsupported' }]);
    expect(textOf(outcomes)).not.toContain('amr-1');
  });
});

test.each([
  'robot_id=drop',
  'ts=hash',
  'battery=hash',
  'x=drop',
  'meta=hash',
  'task_id=truncate:0',
  'task_id',
  'a..b=drop',
  '',
])('%j is not a valid rule', (text) => {
  expect(parseMaskRules(text)).toBeNull();
});
