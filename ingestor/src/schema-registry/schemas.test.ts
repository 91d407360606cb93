import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MESSAGE_FIELDS, ROBOT_STATES, validate } from '@floorwatch/contract';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import protobuf from 'protobufjs';
import { expect, it } from 'vitest';

const NOW_MS = Date.UTC(2026, 0, 17, 12);
const schemaFile = (name: string) =>
  readFileSync(join(import.meta.dirname, '../../../packages/contract/schemas', name), 'utf8');
const jsonSchema = JSON.parse(schemaFile('telemetry.schema.json')) as {
  properties: Record<string, { enum?: unknown[] }>;
};

const FIELDS = MESSAGE_FIELDS.map(({ name }) => name);

it('every schema has the fields of the contract', () => {
  const { fields } = JSON.parse(schemaFile('telemetry.avsc')) as { fields: { name: string }[] };
  expect(fields.map(({ name }) => name)).toEqual(FIELDS);
  const root = protobuf.parse(schemaFile('telemetry.proto'), { keepCase: true }).root;
  expect(Object.keys(root.lookupType('floorwatch.Telemetry').fields)).toEqual(FIELDS);
  expect(Object.keys(jsonSchema.properties)).toEqual(FIELDS);
  expect(jsonSchema.properties['state']?.enum).toEqual([...ROBOT_STATES, null]);
});

it('the JSON Schema accepts what the contract accepts, except for times, which need a clock', () => {
  const accepts = new Ajv({ strictTypes: false }).compile(jsonSchema);
  const scalar = fc.oneof(
    fc.constantFrom(null, '', 'idle', '1.5', true, [], {}, 'x'.repeat(129), 'x'.repeat(257), '🤖'.repeat(128)),
    fc.constantFrom(0, -0.1, 100, 100.1, 1e4, 1e4 + 1, 1e6, 1e6 + 1, 1e7, 1e7 + 1, 1e300),
    fc.uuid()
  );
  const optional = Object.fromEntries(FIELDS.filter((name) => name !== 'ts').map((name) => [name, scalar]));
  const message = fc.record(
    { ts: fc.constant(NOW_MS), robot_id: fc.constant('amr-1'), ...optional },
    { requiredKeys: [] }
  );
  const nearlyGood = fc.record({ ts: fc.constant(NOW_MS), robot_id: fc.constant('amr-1') }).chain((base) =>
    fc.record(optional, { requiredKeys: [] }).map((rest) => {
      const [[name, value] = []] = Object.entries(rest);
      return name === undefined ? base : { ...base, [name]: value };
    })
  );
  fc.assert(
    fc.property(fc.oneof(message, nearlyGood), (json) => {
      expect(accepts(json)).toBe(validate(json, NOW_MS).ok);
    }),
    { numRuns: 2_000 }
  );
});
