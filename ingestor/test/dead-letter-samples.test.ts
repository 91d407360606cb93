import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate } from '../src/migrate/migrate.ts';
import { rows, startTestServer, type TestServer } from './clickhouse.ts';

/** The sample of a dead letter hides the same personal data as v_events, for all bytes. */
const SECRET = 'Jane Doe';

let clickhouse: TestServer;
beforeAll(async () => {
  clickhouse = await startTestServer();
  await migrate(clickhouse.as('owner'));
});
afterAll(async () => {
  await clickhouse.stop();
});

const HOSTILE: readonly (readonly [name: string, raw: string])[] = [
  ['a plain object', `{"robot_id":"r","battery":900,"meta":{"operator":"${SECRET}","zone":"A"}}`],
  ['white space', `{"meta": { "operator" :\n\t"${SECRET}" } }`],
  ['another case', `{"meta":{"Operator":"${SECRET}"}}`],
  ['a quote in the value', `{"meta":{"operator":"a\\" ${SECRET}"}}`],
  ['an object', `{"meta":{"operator":{"first":"${SECRET}","more":["${SECRET}"]}},"badge":["${SECRET}"]}`],
  ['a number and a text', `{"meta":{"badge":4711,"driver":"${SECRET}"}}`],
  ['cut off in the value', `{"meta":{"operator":"${SECRET}`],
  ['single quotes', `{'operator':'${SECRET}'}`],
  ['no quotes', `operator=Jane`],
  ['an escaped key', `{"meta":{"\\u006fperator":"${SECRET}"}}`],
  [
    'a value at the end of what is read',
    `{"meta":{"a":"${'x'.repeat(16_300)}","operator":"${SECRET} ${'y'.repeat(200)}"}}`,
  ],
  ['bytes that are no UTF-8', `\u00ff{"operator":"${SECRET}"}`],
];

test.each(HOSTILE.map(([name, raw], offset) => ({ name, raw, offset })))(
  'hides personal values in $name',
  async ({ raw, offset }) => {
    await clickhouse.as('owner').insert({
      table: 'warehouse.dead_letters',
      format: 'JSONEachRow',
      values: [{ topic: 't', partition: 0, offset, part: 0, reason: `reason ${offset}`, raw, source: 'ingestor' }],
    });
    const query = `SELECT sample, last_sample FROM warehouse.v_dead_letters AS d
    INNER JOIN warehouse.v_dead_letter_reasons AS r ON r.reason = d.reason WHERE d.offset = ${offset}`;
    const [found] = await rows<{ sample: string; last_sample: string }>(clickhouse.as('reader'), query);
    for (const shown of [found?.sample, found?.last_sample]) {
      expect(shown).toBeTypeOf('string');
      expect(shown).not.toMatch(/Jane|Doe|4711/);
    }
  }
);

test('data that is not personal stays readable', async () => {
  const raw = '{"robot_id":"r","ts":"yesterday","operators_on_shift":3,"meta":{"operator":"x","zone":"A"}}';
  await clickhouse.as('owner').insert({
    table: 'warehouse.dead_letters',
    format: 'JSONEachRow',
    values: [{ topic: 't', partition: 1, offset: 0, part: 0, reason: 'ts_invalid', raw, source: 'ingestor' }],
  });
  expect(
    await rows(clickhouse.as('reader'), `SELECT sample FROM warehouse.v_dead_letters WHERE partition = 1`)
  ).toEqual([{ sample: raw.replace('"x"', '"[personal]"') }]);
});
