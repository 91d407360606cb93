import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readerOf, jsonReader } from '../decode/json.ts';
import type { TopicFormat } from '../decode/topic-format.ts';
import { normaliseVda5050State } from '../formats/vda5050.ts';
import { Batch } from '../pipeline/batch.ts';
import { DuplicateWindow } from '../pipeline/duplicate-window.ts';
import { RowBinaryWriter } from '../rows/row-binary-writer.ts';
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

  test('has no number where a rule expects an object, however large the number is', () => {
    for (const operator of ['12', '9007199254740993']) {
      const text = `{"robot_id":"amr-1","ts":${NOW_MS},"meta":{"operator":${operator}}}`;
      expect(decode('meta.operator.name=drop', text)).toMatchObject([{ value: { meta: '{"operator":null}' } }]);
    }
  });

  test('has a hash of all digits of a large number', () => {
    const hashOf = (serial: string) => {
      const text = `{"robot_id":"amr-1","ts":${NOW_MS},"meta":{"serial":${serial}}}`;
      const [outcome] = decode('meta.serial=hash', text);
      return outcome?.ok ? outcome.value.meta : '';
    };
    expect(hashOf('9007199254740993')).toMatch(/"[0-9a-f]{32}"/);
    expect(hashOf('9007199254740993')).not.toBe(hashOf('9007199254740992'));
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

describe('the fast path', () => {
  const rules = parseMaskRules('meta.operator=drop,meta.crew.name=hash,task_id=truncate:4') ?? [];
  const format = maskedFormat(jsonReader, { rules, salt: SALT });
  const person = fc.constantFrom('Mustermann', { name: 'Mustermann' }, ['Mustermann'], 'operator', null);
  const events = fc.record(
    {
      robot_id: fc.constantFrom('amr-1', 'operator', 'a"b'),
      ts: fc.integer({ min: NOW_MS - 1_000, max: NOW_MS }),
      battery: fc.constantFrom(50, 300),
      task_id: fc.constantFrom('pick-4711', null),
      operator: person,
      meta: fc.oneof(
        fc.record(
          { operator: person, crew: person, inner: fc.record({ operator: person }), heading: fc.constant(2) },
          { requiredKeys: [] }
        ),
        fc.constant('{"operator":"Mustermann"}')
      ),
    },
    { requiredKeys: ['robot_id', 'ts'] }
  );

  /** Everything that would be stored. */
  function stored(text: string, fastPathExcept: TopicFormat['fastPathExcept']): string[] {
    const batch = new Batch({
      ...{
        of: { topic: 't', partition: 0 },
        first: 0,
        validatedAsOfMs: NOW_MS,
        fastPathExcept: fastPathExcept ?? null,
      },
      ...{ keepSources: true, rows: new RowBinaryWriter(), window: new DuplicateWindow(0) },
    });
    const message = { offset: '0', timestamp: '0', arrivedAtMs: NOW_MS, key: null, value: Buffer.from(text) };
    batch.add(message, 0, format.decode);
    const sources = batch.sources?.map(({ raw }) => raw) ?? [];
    return [batch.rows.bytes(), batch.deadLetters.bytes(), ...sources].map((bytes) => bytes.toString('latin1'));
  }

  test('stores what the decoder stores', () => {
    fc.assert(
      fc.property(fc.array(events, { minLength: 1, maxLength: 3 }), fc.boolean(), (several, areLines) => {
        const parts = several.map((each) => JSON.stringify(each));
        const text = areLines ? parts.join('\n') : `[${parts.join(',')}]`;
        expect(stored(text, format.fastPathExcept).slice(0, 2)).toEqual(stored(text, null).slice(0, 2));
      }),
      { numRuns: 300 }
    );
  });

  test.each([
    ['{ "robot_id":"amr-1","ts":1768651200000,"meta":{"heading":2}}', true],
    ['{ "robot_id":"operator","ts":1768651200000}', false],
    ['{ "robot_id":"amr-1","ts":1768651200000,"task_id":"pick-4711"}', false],
    ['{ "robot_id":"amr-1","ts":1768651200000,"meta":{"crew":"Max"}}', false],
    ['{ "robot_id":"amr-1","ts":1768651200000,"meta":{"cre\\u0077":"Max"}}', false],
  ])('%s is read by it: %s', (text, isPlain) => {
    // Only the decoder writes the bytes of an event again, without the first space.
    expect(stored(text, format.fastPathExcept)[2]?.startsWith('{ ')).toBe(isPlain);
  });

  test('reads no event of another format, and none that is enriched', () => {
    expect(maskedFormat(readerOf(normaliseVda5050State), { rules, salt: SALT }).fastPathExcept).toBeNull();
    expect(maskedFormat(jsonReader, { rules, salt: SALT }, { enrich: (record) => record }).fastPathExcept).toBeNull();
  });
});
