import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import avro from 'avsc';
import protobuf from 'protobufjs';
import { describe, expect, it, vi } from 'vitest';
import { topicFormat } from '../decode/topic-format.ts';
import { parseMaskRules } from '../masking/mask-rules.ts';
import { maskedFormat } from '../masking/masked-format.ts';
import { protobufReader } from './protobuf-reader.ts';
import { SchemaReferenceError, type RegisteredSchema } from './registry-client.ts';
import { RegistryReader } from './registry-reader.ts';

const NOW_MS = Date.UTC(2026, 0, 17, 12);
const schemaFile = (name: string) =>
  readFileSync(join(import.meta.dirname, '../../../packages/contract/schemas', name), 'utf8');
const avsc = schemaFile('telemetry.avsc');
const proto = schemaFile('telemetry.proto');

const record = {
  event_id: 'f30f06be-e2b4-538f-b0c1-10aef956c8cf',
  robot_id: 'amr-1',
  ts: NOW_MS,
  x: 1.5,
  y: -2,
  battery: 0,
  meta: '{"firmware":"v2"}',
};
const decoded = { robotId: 'amr-1', tsMs: NOW_MS, xMetres: 1.5, yMetres: -2, batteryPercent: 0, firmware: 'v2' };

function framed(id: number, payload: Uint8Array): Buffer {
  const header = Buffer.alloc(5);
  header.writeUInt32BE(id, 1);
  return Buffer.concat([header, payload]);
}

function avroBytes(schema: string, value: Record<string, unknown>): Buffer {
  const type = avro.Type.forSchema(JSON.parse(schema) as avro.Schema);
  return type.toBuffer({ ...(type.random() as object), ...absent(schema), ...value });
}

function absent(schema: string): Record<string, null> {
  const { fields } = JSON.parse(schema) as { fields: { name: string }[] };
  return Object.fromEntries(fields.map(({ name }) => [name, null]));
}

function protobufBytes(schema: string, value: Record<string, unknown>, path = [0]): Buffer {
  const type = protobuf.parse(schema, { keepCase: true }).root.lookupType('floorwatch.Telemetry');
  return Buffer.concat([Buffer.from(path), type.encode(type.fromObject(value)).finish()]);
}

async function decodeWith(schemas: Record<number, Partial<RegisteredSchema>>, value: Buffer) {
  const reader = new RegistryReader({
    schemaById: (id) => {
      const found = schemas[id];
      return Promise.resolve(found ? { type: 'AVRO', schema: '', references: [], ...found } : null);
    },
  });
  await reader.preparation.prepare([value, null]);
  return [...topicFormat(reader).decode(value, NOW_MS)][0];
}

describe('Avro', () => {
  it('reads the schema that stands beside the contract', async () => {
    const outcome = await decodeWith({ 7: { schema: avsc } }, framed(7, avroBytes(avsc, record)));
    expect(outcome).toMatchObject({ ok: true, value: { ...decoded, eventId: record.event_id, taskId: null } });
  });

  it('reads an older writer without the newer fields, and a newer one with fields unknown here', async () => {
    const older =
      '{"type":"record","name":"T","fields":[{"name":"robot_id","type":"string"},{"name":"ts","type":"long"}]}';
    const newer = avsc.replace('"fields": [', '"fields": [{"name":"payload_kg","type":"double"},');
    const oldOutcome = await decodeWith({ 1: { schema: older } }, framed(1, avroBytes(older, record)));
    expect(oldOutcome).toMatchObject({ ok: true, value: { robotId: 'amr-1', batteryPercent: null } });
    const newBytes = avroBytes(newer, { ...record, payload_kg: 12 });
    expect(await decodeWith({ 2: { schema: newer } }, framed(2, newBytes))).toMatchObject({ ok: true, value: decoded });
  });

  it('turns timestamp-micros into milliseconds', async () => {
    const micros = avsc.replace('timestamp-millis', 'timestamp-micros');
    const bytes = avroBytes(micros, { ...record, ts: NOW_MS * 1000 });
    expect(await decodeWith({ 1: { schema: micros } }, framed(1, bytes))).toMatchObject({ ok: true, value: decoded });
  });

  it('reads a union that is ambiguous in JSON', async () => {
    const schema = avsc.replace('["null", "double"]', '["null", "int", "double"]');
    const type = avro.Type.forSchema(JSON.parse(schema) as avro.Schema);
    const bytes = type.toBuffer({ ...absent(schema), ...record, x: { double: 1.5 } });
    expect(await decodeWith({ 1: { schema } }, framed(1, bytes))).toMatchObject({ ok: true, value: { xMetres: 1.5 } });
  });

  const eventWith = (...fields: object[]) => ({
    ...{ type: 'record', name: 'Event', namespace: 'fleet' },
    fields: [{ name: 'robot_id', type: 'string' }, ...fields],
  });
  const long = (logicalType: string) => ({ type: 'long', logicalType });
  const decodeAvro = (schema: object, value: object, references: object[] = []) => {
    const text = JSON.stringify(schema);
    const bytes = framed(7, avro.Type.forSchema(schema as avro.Schema).toBuffer(value));
    const texts = references.map((each) => ({ name: 'any', schema: JSON.stringify(each) }));
    return decodeWith({ 7: { schema: text, references: texts } }, bytes);
  };
  const metaOf = (outcome: Awaited<ReturnType<typeof decodeWith>>) =>
    outcome?.ok === true ? outcome.value.meta : outcome;

  it.each([
    ['timestamp-micros', NOW_MS * 1_000 + 999, NOW_MS],
    ['local-timestamp-millis', NOW_MS + 7, NOW_MS + 7],
    ['local-timestamp-micros', NOW_MS * 1_000 + 7_999, NOW_MS + 7],
  ])('reads ts as %s, rounded down to milliseconds', async (logicalType, ts, tsMs) => {
    const outcome = await decodeAvro(eventWith({ name: 'ts', type: long(logicalType) }), { robot_id: 'a', ts });
    expect(outcome).toMatchObject({ ok: true, value: { tsMs } });
  });

  it('reads ts as timestamp-nanos, and keeps the digits of other long integers in meta', async () => {
    const schema = eventWith(
      { name: 'ts', type: long('timestamp-nanos') },
      { name: 'meta', type: { type: 'map', values: 'long' } }
    );
    // avsc does not write such integers: zigzag, 7 bits per byte.
    const varint = (value: bigint) => {
      const bytes: number[] = [];
      for (let left = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n)); ; left >>= 7n) {
        bytes.push(Number(left & 0x7fn) | (left > 0x7fn ? 0x80 : 0));
        if (left <= 0x7fn) return Buffer.from(bytes);
      }
    };
    const text = (value: string) => Buffer.concat([varint(BigInt(value.length)), Buffer.from(value)]);
    const entries = [2n ** 53n + 1n, -(2n ** 63n), 5n].map((value, i) => [text(`k${i}`), varint(value)]);
    const map = Buffer.concat([varint(3n), ...entries.flat(), varint(0n)]);
    const bytes = framed(7, Buffer.concat([text('a'), varint(BigInt(NOW_MS) * 1_000_000n + 7_999_999n), map]));
    const outcome = await decodeWith({ 7: { schema: JSON.stringify(schema) } }, bytes);
    expect(outcome).toMatchObject({ ok: true, value: { tsMs: NOW_MS + 7 } });
    expect(metaOf(outcome)).toBe('{"k0":9007199254740993,"k1":-9223372036854775808,"k2":5}');
  });

  it('reads decimal numbers, UUIDs of 16 bytes and enums', async () => {
    const decimal = { type: 'bytes', logicalType: 'decimal', precision: 20, scale: 2 };
    const schema = eventWith(
      { name: 'ts', type: long('timestamp-millis') },
      { name: 'event_id', type: { type: 'fixed', name: 'Id', size: 16, logicalType: 'uuid' } },
      { name: 'x', type: decimal },
      { name: 'y', type: ['null', decimal] },
      { name: 'state', type: { type: 'enum', name: 'State', symbols: ['idle', 'working'], default: 'idle' } },
      { name: 'meta', type: { type: 'map', values: decimal } }
    );
    const outcome = await decodeAvro(schema, {
      ...{ robot_id: 'a', ts: NOW_MS, event_id: Buffer.from(record.event_id.replaceAll('-', ''), 'hex') },
      ...{ x: Buffer.of(0xff, 0x38), y: Buffer.of(5), state: 'working' },
      meta: { exact: Buffer.of(0x7f), long: Buffer.from('0123456789abcdef', 'hex'), zero: Buffer.alloc(0) },
    });
    const value = { eventId: record.event_id, xMetres: -2, yMetres: 0.05, state: 'working' };
    expect(outcome).toMatchObject({ ok: true, value });
    expect(metaOf(outcome)).toBe('{"exact":1.27,"long":"819855292164868.95","zero":0}');
  });

  it('a decimal number or a scale beyond reason costs no time and no memory', async () => {
    const decodeDecimal = (bytes: number, scale: number) => {
      const values = { type: 'bytes', logicalType: 'decimal', precision: 20, scale };
      const fields = [
        { name: 'ts', type: long('timestamp-millis') },
        { name: 'meta', type: { type: 'map', values } },
      ];
      return decodeAvro(eventWith(...fields), { robot_id: 'a', ts: NOW_MS, meta: { n: Buffer.alloc(bytes, 0x7f) } });
    };
    expect(metaOf(await decodeDecimal(128, 0))).toMatch(/^\{"n":"\d{308}"\}$/);
    expect(await decodeDecimal(129, 0)).toMatchObject({ ok: false, reason: 'avro_invalid' });
    for (const scale of [-1, 0.5, 1_001, 1e9]) expect(metaOf(await decodeDecimal(1, scale))).toBe('{"n":"fw=="}');
  });

  it('stores no wrapper of a union and no bytes as an object in meta, at any depth', async () => {
    const inner = {
      ...{ type: 'record', name: 'Inner' },
      fields: [
        { name: 'n', type: ['null', 'int', 'double'] },
        { name: 'raw', type: 'bytes' },
        { name: 'list', type: { type: 'array', items: ['float', 'long'] } },
        { name: 'odd', type: 'double' },
      ],
    };
    const schema = eventWith(
      { name: 'ts', type: long('timestamp-millis') },
      { name: 'meta', type: ['null', { type: 'map', values: inner }] }
    );
    const each = { n: { double: 1e20 }, raw: Buffer.from('hi'), list: [{ long: 7 }, { float: 0.5 }], odd: NaN };
    const outcome = await decodeAvro(schema, { robot_id: 'a', ts: NOW_MS, meta: { a: each } });
    expect(metaOf(outcome)).toBe('{"a":{"n":1e+20,"raw":"aGk=","list":[7,0.5],"odd":"NaN"}}');
  });

  it('bytes where the contract has text are a dead letter, not text', async () => {
    const schema = eventWith({ name: 'ts', type: long('timestamp-millis') }, { name: 'task_id', type: 'bytes' });
    const outcome = await decodeAvro(schema, { robot_id: 'a', ts: NOW_MS, task_id: Buffer.from('t1') });
    expect(outcome).toMatchObject({ ok: false, reason: 'task_id_invalid' });
  });

  it('a message that is a list or bytes is a dead letter that says so', async () => {
    for (const [schema, value] of [
      [{ type: 'array', items: 'string' }, ['a', 'b']],
      ['bytes', Buffer.from('ab')],
    ] as const) {
      expect(await decodeAvro(schema as object, value)).toMatchObject({ ok: false, reason: 'not_an_object' });
    }
  });

  it('a meta with more levels than ClickHouse can read is a dead letter', async () => {
    const schema = eventWith(
      { name: 'ts', type: long('timestamp-millis') },
      { name: 'meta', type: { type: 'record', name: 'Node', fields: [{ name: 'next', type: ['null', 'Node'] }] } }
    );
    const nested = (levels: number): object => ({ next: levels === 1 ? null : nested(levels - 1) });
    const decodeNested = (levels: number) => decodeAvro(schema, { robot_id: 'a', ts: NOW_MS, meta: nested(levels) });
    expect(await decodeNested(1_023)).toMatchObject({ ok: true });
    expect(await decodeNested(1_024)).toMatchObject({ ok: false, reason: 'decoder_failed' });
  });

  it('reads a topic with several types of records: a union of references', async () => {
    const types = [
      eventWith({ name: 'ts', type: long('timestamp-millis') }),
      { type: 'record', name: 'Other', namespace: 'fleet', fields: [{ name: 'z', type: 'int' }] },
    ];
    const bytes = avro.Type.forSchema(types as avro.Schema).toBuffer({ 'fleet.Event': { robot_id: 'a', ts: NOW_MS } });
    const references = types.map((each) => ({ name: `fleet.${each.name}`, schema: JSON.stringify(each) }));
    const schema = '["fleet.Event","fleet.Other"]';
    expect(await decodeWith({ 7: { schema, references } }, framed(7, bytes))).toMatchObject({
      value: { robotId: 'a', tsMs: NOW_MS },
    });
  });

  it('bytes that do not match, are truncated, or have extra bytes are one dead letter', async () => {
    const whole = framed(7, avroBytes(avsc, record));
    for (const bytes of [whole.subarray(0, whole.length - 3), Buffer.concat([whole, Buffer.from([1])])]) {
      const outcome = await decodeWith({ 7: { schema: avsc } }, bytes);
      expect(outcome).toMatchObject({ ok: false, reason: 'avro_invalid', raw: bytes });
    }
  });
});

describe('Protobuf', () => {
  const schemas = { 9: { type: 'PROTOBUF', schema: proto } };

  it('reads the schema that stands beside the contract, and keeps 0 apart from absent', async () => {
    expect(await decodeWith(schemas, framed(9, protobufBytes(proto, record)))).toMatchObject({
      ok: true,
      value: { ...decoded, speedMetresPerSecond: null },
    });
  });

  it('reads a message type that is not the first by its path', async () => {
    const second = proto.replace('message Telemetry', 'message Other { optional string a = 1; }\nmessage Telemetry');
    // Zigzag varints: one step (2), to index 1 (2).
    const bytes = framed(9, protobufBytes(second, record, [2, 2]));
    expect(await decodeWith({ 9: { type: 'PROTOBUF', schema: second } }, bytes)).toMatchObject({ value: decoded });
  });

  it('reads a schema that imports another', async () => {
    const importing = proto
      .replace('package floorwatch;', 'import "mode.proto";\npackage floorwatch;')
      .replace('optional string state = 13;', 'optional string state = 13; optional fleet.Mode mode = 16;');
    const mode = 'syntax = "proto3"; package fleet; message Mode { optional string name = 1; }';
    const references = [{ name: 'mode.proto', schema: mode }];
    const bytes = framed(9, protobufBytes(proto, record));
    const outcome = await decodeWith({ 9: { type: 'PROTOBUF', schema: importing, references } }, bytes);
    expect(outcome).toMatchObject({ ok: true, value: decoded });
  });

  it('reads oneof, maps, and the types of google/protobuf, whose files a registry does not have', async () => {
    const schema = `syntax = "proto3"; package fleet;
      import "google/protobuf/timestamp.proto"; import "google/protobuf/wrappers.proto"; import "google/protobuf/struct.proto";
      message Pose { google.protobuf.DoubleValue x = 1; google.protobuf.DoubleValue y = 2; }
      message Report {
        string robot_id = 1; google.protobuf.Timestamp ts = 2;
        oneof level { double battery = 3; string unknown_level = 4; }
        google.protobuf.DoubleValue x = 5; google.protobuf.DoubleValue y = 6; google.protobuf.Struct meta = 7;
        map<string, google.protobuf.Timestamp> seen = 8; repeated Pose path = 9; google.protobuf.StringValue task_id = 10;
      }`;
    const { root } = protobuf.parse(schema, { keepCase: true });
    for (const file of ['timestamp', 'wrappers', 'struct']) {
      root.addJSON(protobuf.common.get(`google/protobuf/${file}.proto`)?.nested ?? {});
    }
    const type = root.lookupType('fleet.Report');
    const time = { seconds: NOW_MS / 1000, nanos: 7_999_999 };
    const value = {
      ...{ robot_id: 'amr-1', ts: time, battery: 0, x: { value: 1.5 }, y: {}, seen: { a: time } },
      meta: { fields: { firmware: { stringValue: 'v2' }, list: { listValue: { values: [{ numberValue: 1 }] } } } },
    };
    const second = Buffer.of(2, 2); // One step, to index 1.
    const bytes = framed(9, Buffer.concat([second, type.encode(type.fromObject(value)).finish()]));
    expect(await decodeWith({ 9: { type: 'PROTOBUF', schema } }, bytes)).toMatchObject({
      ok: true,
      value: {
        ...{ robotId: 'amr-1', tsMs: NOW_MS + 7, xMetres: 1.5, yMetres: 0, batteryPercent: 0, firmware: 'v2' },
        taskId: null,
      },
    });
    expect(protobufReader({ type: 'PROTOBUF', schema, references: [] })(bytes.subarray(5))).toMatchObject({
      seen: { a: NOW_MS + 7 },
      meta: { firmware: 'v2', list: [1] },
    });
  });

  it('keeps the digits of integers of 64 bits, and bytes as base64, in meta', async () => {
    const schema = `syntax = "proto3"; package fleet;
      message Meta { int64 serial = 1; uint64 most = 2; bytes raw = 3; map<int64, int64> counts = 4; double odd = 5; sint64 small = 6; }
      message Report { string robot_id = 1; int64 ts = 2; Meta meta = 3; }`;
    const type = protobuf.parse(schema, { keepCase: true }).root.lookupType('fleet.Report');
    const [serial, most] = ['9007199254740993', '18446744073709551615'];
    const meta = { serial, most, raw: Buffer.from('hi'), counts: { [serial]: serial }, odd: Infinity, small: -5 };
    const payload = type.encode(type.fromObject({ robot_id: 'a', ts: NOW_MS, meta })).finish();
    const bytes = framed(9, Buffer.concat([Buffer.of(2, 2), payload]));
    const outcome = await decodeWith({ 9: { type: 'PROTOBUF', schema } }, bytes);
    expect(outcome).toMatchObject({ ok: true, value: { tsMs: NOW_MS } });
    expect(outcome?.ok === true && outcome.value.meta).toBe(
      `{"serial":${serial},"most":${most},"raw":"aGk=","counts":{"${serial}":${serial}},"odd":"Infinity","small":-5}`
    );
  });

  it('a position at x = 0 is whole without `optional`, and an absent battery is not 0', async () => {
    const schema =
      'syntax = "proto3"; message Report { string robot_id = 1; int64 ts = 2; double x = 3; double y = 4; double battery = 5; }';
    const type = protobuf.parse(schema, { keepCase: true }).root.lookupType('Report');
    const decode = (fields: object) => {
      const payload = type.encode(type.fromObject({ robot_id: 'a', ts: NOW_MS, ...fields })).finish();
      return decodeWith({ 9: { type: 'PROTOBUF', schema } }, framed(9, Buffer.concat([Buffer.of(0), payload])));
    };
    expect(await decode({ x: 0, y: 5 })).toMatchObject({ value: { xMetres: 0, yMetres: 5, batteryPercent: null } });
    expect(await decode({ battery: 7 })).toMatchObject({ value: { xMetres: null, yMetres: null, batteryPercent: 7 } });
  });

  it('reads a diamond of references: files that import the same file, or the same file of google/protobuf', async () => {
    const file = (name: string, text: string) => ({ name, schema: `syntax = "proto3"; package fleet; ${text}` });
    const references = [
      file('vector.proto', 'message Vector { double x = 1; double y = 2; }'),
      file(
        'pose.proto',
        `import "vector.proto"; import "google/protobuf/timestamp.proto";
         message Pose { Vector position = 1; google.protobuf.Timestamp at = 2; }`
      ),
      file(
        'twist.proto',
        `import "google/protobuf/timestamp.proto"; import "vector.proto";
         message Twist { Vector linear = 1; google.protobuf.Timestamp at = 2; }`
      ),
    ];
    const { schema } = file(
      'report.proto',
      `import "pose.proto"; import "twist.proto"; import "google/protobuf/timestamp.proto";
       message State { Pose pose = 1; Twist twist = 2; oneof mode { string manual = 3; int32 program = 4; } }
       message Report { string robot_id = 1; google.protobuf.Timestamp ts = 2; State meta = 3; }`
    );
    const root = new protobuf.Root();
    for (const each of references) protobuf.parse(each.schema, root, { keepCase: true });
    protobuf.parse(schema, root, { keepCase: true });
    root.addJSON(protobuf.common.get('google/protobuf/timestamp.proto')?.nested ?? {});
    const type = root.lookupType('fleet.Report');
    const meta = { pose: { position: { x: 1, y: 2 } }, twist: { linear: { x: 0.5 } }, program: 0 };
    const value = { robot_id: 'a', ts: { seconds: NOW_MS / 1_000 }, meta };
    const payload = type.encode(type.fromObject(value)).finish();
    const bytes = framed(9, Buffer.concat([Buffer.of(2, 2), payload]));
    const outcome = await decodeWith({ 9: { type: 'PROTOBUF', schema, references } }, bytes);
    expect(outcome).toMatchObject({ ok: true, value: { tsMs: NOW_MS } });
    expect(JSON.parse(outcome?.ok === true ? outcome.value.meta : '')).toEqual(meta);
  });

  it('a truncated message, and a path to no message, are one dead letter', async () => {
    const whole = framed(9, protobufBytes(proto, record));
    const outcome = await decodeWith(schemas, whole.subarray(0, whole.length - 4));
    expect(outcome).toMatchObject({ ok: false, reason: 'protobuf_invalid' });
    const lost = framed(9, protobufBytes(proto, record, [2, 8]));
    expect(await decodeWith(schemas, lost)).toMatchObject({ ok: false, reason: 'protobuf_invalid' });
  });
});

describe('the wire format', () => {
  it('reads JSON after a schema id', async () => {
    const payload = Buffer.from(JSON.stringify({ ...record, meta: { firmware: 'v2' } }));
    expect(await decodeWith({ 3: { type: 'JSON', schema: '{}' } }, framed(3, payload))).toMatchObject({
      value: decoded,
    });
  });

  it.each([
    ['9007199254740993', { ok: true, value: { meta: '{"serial":9007199254740993}' } }],
    ['1e400', { ok: false, reason: 'json_invalid' }],
  ])('never stores another number than the JSON of a registry has: %s', async (serial, expected) => {
    const payload = Buffer.from(`{"robot_id":"amr-1","ts":${NOW_MS},"meta":{"serial":${serial}}}`);
    expect(await decodeWith({ 3: { type: 'JSON', schema: '{}' } }, framed(3, payload))).toMatchObject(expected);
  });

  it.each([
    ['[{"robot_id":"amr-1"}]', 'not_an_object'],
    ['9007199254740993', 'not_an_object'],
    [`{"robot_id":"amr-1","ts":${NOW_MS},"meta":9007199254740993}`, 'meta_invalid'],
    [`{"robot_id":"amr-1","ts":${NOW_MS},"meta":"9007199254740993"}`, 'meta_invalid'],
  ])('takes no list and no integer of JSON for an object: %s', async (text, reason) => {
    const outcome = await decodeWith({ 3: { type: 'JSON', schema: '{}' } }, framed(3, Buffer.from(text)));
    expect(outcome).toMatchObject({ ok: false, reason });
  });

  it.each(['{"a":"\\ud800"}', '{"\\uDC00":1}', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])])(
    'JSON with text that ClickHouse could not read is a dead letter: %s',
    async (meta) => {
      const event = [`{"robot_id":"amr-1","ts":${NOW_MS},"meta":`, meta, '}'];
      const bytes = Buffer.concat(event.map((each) => Buffer.from(each as string)));
      const outcome = await decodeWith({ 3: { type: 'JSON', schema: '{}' } }, framed(3, bytes));
      expect(outcome).toMatchObject({ ok: false, reason: 'json_invalid' });
    }
  );

  it('JSON may have escapes of surrogate pairs, and backslashes', async () => {
    const text = `{"robot_id":"amr-1","ts":${NOW_MS},"meta":{"a":"\\ud83d\\ude00","b":"\\\\ud800"}}`;
    const outcome = await decodeWith({ 3: { type: 'JSON', schema: '{}' } }, framed(3, Buffer.from(text)));
    expect(outcome?.ok === true && JSON.parse(outcome.value.meta)).toEqual({ a: '😀', b: '\\ud800' });
  });

  it('a list of which no field can be masked is withheld', async () => {
    const reader = new RegistryReader({
      schemaById: () => Promise.resolve({ type: 'JSON', schema: '{}', references: [] }),
    });
    const bytes = framed(3, Buffer.from('[{"robot_id":"amr-1","meta":{"operator":"Ada"}}]'));
    await reader.preparation.prepare([bytes]);
    const masking = { rules: parseMaskRules('meta.operator=drop') ?? [], salt: '' };
    const [outcome] = [...maskedFormat(reader, masking).decode(bytes, NOW_MS)];
    expect(outcome).toMatchObject({ ok: false, reason: 'not_an_object', raw: Buffer.alloc(0) });
  });

  it('validates a well-formed record by the contract', async () => {
    const bytes = framed(7, avroBytes(avsc, { ...record, battery: 300 }));
    const outcome = await decodeWith({ 7: { schema: avsc } }, bytes);
    expect(outcome).toMatchObject({ ok: false, reason: 'battery_out_of_range', raw: bytes });
    const noObject = framed(7, avroBytes(avsc, { ...record, meta: 'free text' }));
    expect(await decodeWith({ 7: { schema: avsc } }, noObject)).toMatchObject({ ok: false, reason: 'meta_invalid' });
  });

  it.each([
    ['schema_unknown', framed(404, Buffer.from('x')), '404'],
    ['schema_unknown', framed(5, Buffer.from('x')), 'THRIFT'],
    ['schema_unknown', framed(6, Buffer.from('x')), 'cannot be used'],
    ['schema_framing_invalid', Buffer.from('{"robot_id":"amr-1"}'), 'zero byte'],
    ['schema_framing_invalid', Buffer.from([0, 0, 0]), 'zero byte'],
    ['tombstone', Buffer.alloc(0), 'no value'],
  ])('is invalid with %s', async (reason, bytes, named) => {
    const outcome = await decodeWith({ 5: { type: 'THRIFT' }, 6: { schema: '{"type":"no such"}' } }, bytes);
    expect(outcome).toMatchObject({ ok: false, reason });
    expect(outcome?.ok === false && outcome.detail).toContain(named);
  });

  it('requests a known schema once, and an unknown one again after a while, and not for each batch', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const asked: number[] = [];
    const registered = new Set([7]);
    const reader = new RegistryReader({
      schemaById: (id) => {
        asked.push(id);
        return Promise.resolve(registered.has(id) ? { type: 'AVRO', schema: avsc, references: [] } : null);
      },
    });
    const batch = [framed(7, Buffer.alloc(9)), framed(8, Buffer.alloc(9)), framed(8, Buffer.alloc(9))];
    await reader.preparation.prepare(batch);
    expect(reader.preparation.isReady(batch)).toBe(true);
    await reader.preparation.prepare(batch);
    expect(asked).toEqual([7, 8]);
    registered.add(8);
    vi.setSystemTime(Date.now() + 5_000);
    expect(reader.preparation.isReady(batch)).toBe(false);
    await reader.preparation.prepare(batch);
    vi.setSystemTime(Date.now() + 60_000);
    expect(reader.preparation.isReady(batch)).toBe(true);
    expect(asked).toEqual([7, 8, 8]);
    vi.useRealTimers();
  });

  it('remembers a limited number of schemas', async () => {
    let asked = 0;
    const reader = new RegistryReader({
      schemaById: () => {
        asked++;
        return Promise.resolve({ type: 'JSON', schema: '{}', references: [] });
      },
    });
    const ids = (from: number) => Array.from({ length: 6_000 }, (_, i) => framed(from + i, Buffer.alloc(9)));
    for (const from of [1, 6_001, 12_001]) await reader.preparation.prepare(ids(from));
    expect(reader.preparation.isReady(ids(12_001))).toBe(true);
    await reader.preparation.prepare(ids(1));
    expect(asked).toBeGreaterThan(18_000);
  });

  it('a schema with a missing reference is a dead letter, and a registry that fails is waited for', async () => {
    const readerOf = (error: Error) => new RegistryReader({ schemaById: () => Promise.reject(error) });
    const value = framed(7, Buffer.from([1]));
    const gone = readerOf(new SchemaReferenceError('the registry has no version 2 of poses'));
    await gone.preparation.prepare([value]);
    const detail = 'schema 7 is incomplete: the registry has no version 2 of poses';
    expect(gone.read(value)).toEqual([{ ok: false, reason: 'schema_unknown', detail, raw: value }]);
    await expect(readerOf(new Error('away')).preparation.prepare([value])).rejects.toThrow('away');
  });
});
