import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { massRoboticsStatus, vda5050StateV2, vda5050StateV3 } from '@floorwatch/servers/messages/native-messages';
import { avroPayload, framed, protobufPayload } from '@floorwatch/servers/messages/wire-format';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonReader, readerOf } from '../decode/json.ts';
import { DEAD_LETTER_REASONS } from '../decode/outcome.ts';
import { topicFormat, type TopicFormat } from '../decode/topic-format.ts';
import { normaliseMassRobotics } from '../formats/massrobotics.ts';
import { normaliseVda5050State } from '../formats/vda5050.ts';
import { parseMaskRules } from '../masking/mask-rules.ts';
import { maskedFormat } from '../masking/masked-format.ts';
import { Batch } from '../pipeline/batch.ts';
import { DuplicateWindow } from '../pipeline/duplicate-window.ts';
import { RowBinaryWriter } from '../rows/row-binary-writer.ts';
import type { RegisteredSchema } from '../schema-registry/registry-client.ts';
import { RegistryReader } from '../schema-registry/registry-reader.ts';

const NOW_MS = Date.now();
const schemaFile = (name: string) =>
  readFileSync(join(import.meta.dirname, '../../../packages/contract/schemas', name), 'utf8');
const [AVSC, PROTO] = [schemaFile('telemetry.avsc'), schemaFile('telemetry.proto')];
const DATUM = 'd3c91c20-5c4f-4d2f-8e85-2c1c35a4e0d0';
const datums = new Map([[DATUM, { mapId: 'hall', xMetres: 0, yMetres: 0, yawRadians: 0, metresPerUnit: 1 }]]);
/** Items and fields that contain themselves, and items without bytes. */
const NODE = '{"type":"record","name":"Node","fields":[{"name":"next","type":["null","Node"]}]}';
const LISTS = `{"type":"record","name":"T","fields":[
  {"name":"nulls","type":{"type":"array","items":"null"}},
  {"name":"longs","type":{"type":"array","items":"long"}},
  {"name":"texts","type":{"type":"map","values":"string"}}]}`;
const ITSELF = '{"type":"record","name":"Self","fields":[{"name":"self","type":"Self"}]}';
const CHAIN = 'syntax = "proto3"; message Node { Node next = 1; }';

const SCHEMAS: Record<number, [type: string, schema: string]> = {
  1: ['AVRO', AVSC],
  2: ['PROTOBUF', PROTO],
  3: ['JSON', '{}'],
  4: ['AVRO', NODE],
  5: ['AVRO', LISTS],
  6: ['AVRO', ITSELF],
  7: ['PROTOBUF', CHAIN],
};

async function registryReader(): Promise<RegistryReader> {
  const reader = new RegistryReader({
    schemaById: (id) => {
      const [type, schema] = SCHEMAS[id] ?? [];
      const found: RegisteredSchema | null = type && schema ? { type, schema, references: [] } : null;
      return Promise.resolve(found);
    },
  });
  await reader.preparation.prepare(Object.keys(SCHEMAS).map((id) => framed(Number(id), Buffer.alloc(1))));
  return reader;
}

const registry = await registryReader();
const READERS = {
  json: jsonReader,
  registry,
  vda5050: readerOf(normaliseVda5050State),
  massrobotics: readerOf((json) => normaliseMassRobotics(json, datums)),
};
const masking = { rules: parseMaskRules('robot_id=hash,meta.operator=drop') ?? [], salt: 'a salt of 16 characters' };
const FORMATS: Record<string, TopicFormat> = Object.fromEntries(
  Object.entries(READERS).flatMap(([name, reader]) => [
    [name, topicFormat(reader)],
    [`${name}, masked`, maskedFormat(reader, masking)],
  ])
);

const event = { robot_id: 'amr-1', ts: NOW_MS, x: 1, y: 2, battery: 50, state: 'idle', meta: '{"firmware":"v2"}' };
const json = (content: unknown) => Buffer.from(JSON.stringify(content));
const REAL: Record<keyof typeof READERS, Buffer[]> = {
  json: [json({ ...event, meta: { a: [1, 'x'] } }), json([event, event]), Buffer.from(`${JSON.stringify(event)}\n{}`)],
  registry: [
    framed(1, avroPayload(AVSC, event)),
    framed(2, protobufPayload(PROTO, 'floorwatch.Telemetry', event)),
    framed(3, json(event)),
    framed(4, Buffer.of(2, 2, 2, 0)),
    framed(5, Buffer.of(2, 0, 2, 8, 0, 2, 2, 0x61, 2, 0x62, 0)),
  ],
  vda5050: [json(vda5050StateV2('7', NOW_MS)), json(vda5050StateV3('7', NOW_MS))],
  massrobotics: [json(massRoboticsStatus('a', DATUM, NOW_MS))],
};

/** Decodes the message as a batch does, with the fast path where the format has it. */
function decode(format: TopicFormat, value: Buffer | null): { rows: number; reasons: string[] } {
  const batch = new Batch({
    ...{ of: { topic: 't', partition: 0 }, first: 0, validatedAsOfMs: NOW_MS, keepSources: false },
    ...{
      fastPathExcept: format.fastPathExcept ?? null,
      window: new DuplicateWindow(0),
      rows: new RowBinaryWriter(256),
    },
  });
  batch.add({ offset: '0', timestamp: '0', arrivedAtMs: NOW_MS, key: null, value }, 0, format.decode);
  return { rows: batch.rows.rows, reasons: [...batch.rejected.keys()] };
}

const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
const only = (name: string, value: Buffer) => decode(FORMATS[name] ?? topicFormat(jsonReader), value);

test.each([1_025, 5_000, 200_000])(
  'values that are nested %d levels deep are a dead letter in every format',
  (depth) => {
    const text = `{"robot_id":"amr-1","ts":${NOW_MS},"meta":{"a":${nested(depth)}}}`;
    expect(only('json', Buffer.from(text))).toEqual({ rows: 0, reasons: ['invalid_json'] });
    for (const name of ['registry', 'registry, masked']) {
      expect(only(name, framed(3, Buffer.from(text)))).toEqual({ rows: 0, reasons: ['decoder_failed'] });
      const record = { ...event, meta: nested(depth) };
      expect(only(name, framed(1, avroPayload(AVSC, record)))).toEqual({ rows: 0, reasons: ['decoder_failed'] });
      const protobuf = protobufPayload(PROTO, 'floorwatch.Telemetry', record);
      expect(only(name, framed(2, protobuf))).toEqual({ rows: 0, reasons: ['decoder_failed'] });
    }
  }
);

test('an Avro record that contains itself, 100,000 times or forever, is a dead letter', () => {
  const links = framed(4, Buffer.concat([Buffer.alloc(100_000, 2), Buffer.of(0)]));
  expect(only('registry', links)).toEqual({ rows: 0, reasons: ['decoder_failed'] });
  expect(only('registry', framed(6, Buffer.of(0)))).toEqual({ rows: 0, reasons: ['decoder_failed'] });
});

test('a Protobuf message that contains itself 10,000 times is a dead letter', () => {
  let node = Buffer.alloc(0);
  const varint = (n: number) =>
    n < 0x80 ? [n] : n < 0x4000 ? [(n & 0x7f) | 0x80, n >> 7] : [(n & 0x7f) | 0x80, ((n >> 7) & 0x7f) | 0x80, n >> 14];
  for (let i = 0; i < 10_000; i++) node = Buffer.concat([Buffer.from([0x0a, ...varint(node.length)]), node]);
  expect(only('registry', framed(7, Buffer.concat([Buffer.of(0), node])))).toMatchObject({ rows: 0 });
});

test('an Avro list that claims more items than the message has bytes is a dead letter, and does not fill the memory', () => {
  // Zigzag varints of 2^40.
  const count = Buffer.of(0x80, 0x80, 0x80, 0x80, 0x80, 0x40);
  for (const bytes of [count, Buffer.concat([Buffer.of(0), count]), Buffer.concat([Buffer.of(0, 0), count])]) {
    expect(only('registry', framed(5, bytes))).toEqual({ rows: 0, reasons: ['avro_invalid'] });
  }
});

const jsonValue = fc.json({ maxDepth: 6 }).map((text) => Buffer.from(text));
const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
const withId = fc.tuple(fc.integer({ min: 0, max: 9 }), bytes).map(([id, rest]) => framed(id, rest));

/** A real message with parts replaced, removed, repeated, or cut off. */
function mutated(real: readonly Buffer[]) {
  const change = fc.record({
    kind: fc.constantFrom('replace', 'remove', 'repeat', 'insert', 'cut'),
    at: fc.nat(2_000),
    length: fc.nat(20),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 6 }),
  });
  return fc
    .tuple(fc.constantFrom(...real), fc.array(change, { minLength: 1, maxLength: 4 }))
    .map(([message, changes]) =>
      changes.reduce((value, { kind, at, length, bytes: inserted }) => {
        const start = value.length === 0 ? 0 : at % value.length;
        const [head, tail] = [value.subarray(0, start), value.subarray(start)];
        if (kind === 'cut') return head;
        if (kind === 'insert') return Buffer.concat([head, inserted, tail]);
        if (kind === 'repeat') return Buffer.concat([head, tail.subarray(0, length), tail]);
        const rest = tail.subarray(length);
        return kind === 'remove' ? Buffer.concat([head, rest]) : Buffer.concat([head, inserted, rest]);
      }, message)
    );
}

test.each(Object.keys(READERS) as (keyof typeof READERS)[])(
  'any %s message becomes rows or dead letters with a known reason, and never an exception',
  (name) => {
    const message = fc.oneof(fc.constant(null), bytes, jsonValue, withId, {
      arbitrary: mutated(REAL[name]),
      weight: 6,
    });
    for (const format of [FORMATS[name], FORMATS[`${name}, masked`]]) {
      if (format === undefined) throw new Error('no format');
      fc.assert(
        fc.property(message, (value) => {
          const { rows, reasons } = decode(format, value);
          expect(rows + reasons.length).toBeGreaterThan(0);
          for (const reason of reasons) expect(DEAD_LETTER_REASONS).toContain(reason);
        }),
        { numRuns: 1_500 }
      );
    }
    for (const real of REAL[name]) expect(decode(FORMATS[name] ?? topicFormat(jsonReader), real)).toBeDefined();
  }
);

test('an exception in any reader or rule is a dead letter with the bytes, or without them if fields are masked', () => {
  const broken = {
    read: () => {
      throw new TypeError('a mistake: amr-1');
    },
  };
  const value = Buffer.from('amr-1');
  expect([...topicFormat(broken).decode(value, NOW_MS)]).toMatchObject([
    { ok: false, reason: 'decoder_failed', raw: value },
  ]);
  const [masked] = maskedFormat(broken, masking).decode(value, NOW_MS);
  expect(masked).toMatchObject({ ok: false, reason: 'decoder_failed', raw: Buffer.alloc(0) });
  expect(JSON.stringify(masked)).not.toContain('amr-1');
});
