import { randomBytes } from 'node:crypto';
import { massRoboticsStatus, vda5050StateV2, vda5050StateV3 } from '@floorwatch/servers/messages/native-messages';
import { avroPayload, framed, protobufPayload } from '@floorwatch/servers/messages/wire-format';
import { AVSC, PROTO, SCHEMA_ID } from './hostile-registry.ts';
import type { Format, Input } from './input.ts';

const MB = 1 << 20;
const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
const json = (content: unknown): Buffer => Buffer.from(JSON.stringify(content));
const event = (fields: object = {}): Record<string, unknown> => ({ robot_id: 'hostile', ts: Date.now(), ...fields });
const deep = (depth: number): Buffer =>
  Buffer.from(`{"robot_id":"hostile","ts":${Date.now()},"meta":{"a":${nested(depth)}}}`);

function input(
  format: Format,
  name: string,
  reason: string | null,
  value: Buffer | null,
  more: Partial<Input> = {}
): Input {
  return { ...{ name: `${format}: ${name}`, format, reason, messages: [{ value }] }, ...more };
}

export function messageInputs(): Input[] {
  return [...jsonInputs(), ...registryInputs(), ...nativeInputs(), ...kafkaInputs()];
}

function jsonInputs(): Input[] {
  const short = { isShort: true } as const;
  return [
    input('json', 'no value', 'tombstone', null),
    input('json', 'random bytes', 'invalid_utf8', randomBytes(2_000)),
    input('json', 'nested 1,022 levels deep', null, deep(1_022)),
    input('json', 'nested 5,000 levels deep', 'invalid_json', deep(5_000), short),
    input('json', 'nested 250,000 levels deep', 'invalid_json', deep(250_000)),
    input('json', 'a million opening brackets', 'invalid_json', Buffer.alloc(1_000_000, '[')),
    input('json', '500,000 numbers in an array', 'not_an_object', Buffer.from(`[${'1,'.repeat(499_999)}1]`), short),
    input('json', '500,000 lines that are no events', 'not_an_object', Buffer.from('1\n'.repeat(500_000))),
    input('json', 'a value of 12 MB', 'message_too_large', json(event({ meta: { a: 'n'.repeat(12 * MB) } }))),
    input('json', 'a robot id of 1 MB', 'robot_id_invalid', json(event({ robot_id: 'r'.repeat(1_000_000) }))),
    input(
      'json',
      'a number of 500,000 digits',
      'invalid_json',
      Buffer.from(`{"robot_id":"hostile","ts":${'9'.repeat(500_000)}}`)
    ),
    input(
      'json',
      '50,000 keys',
      null,
      json(event({ meta: Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`k${i}`, 1])) }))
    ),
    input(
      'json',
      'the key __proto__',
      null,
      Buffer.from(`{"__proto__":{"robot_id":1},"robot_id":"hostile","ts":${Date.now()},"meta":{"__proto__":{"a":1}}}`)
    ),
    input('json', 'a lone surrogate', 'invalid_json', Buffer.from(`{"robot_id":"\\ud800","ts":${Date.now()}}`)),
    input('json', 'a time in the year 275760', 'ts_too_far_ahead', json(event({ ts: 8_640_000_000_000_000 }))),
  ];
}

function registryInputs(): Input[] {
  const registry = (name: string, reason: string | null, value: Buffer, more: Partial<Input> = {}): Input =>
    input('registry', name, reason, value, more);
  const short = { isShort: true } as const;
  const avro = (fields: object): Buffer => framed(SCHEMA_ID.avro, avroPayload(AVSC, event(fields)));
  const whole = avro({ meta: '{}' });
  const hugeCount = Buffer.of(0x80, 0x80, 0x80, 0x80, 0x80, 0x40);
  const protobuf = (fields: object): Buffer =>
    framed(SCHEMA_ID.protobuf, protobufPayload(PROTO, 'floorwatch.Telemetry', event(fields)));
  const some = Buffer.of(2, 0);
  return [
    registry('a JSON event nested 5,000 levels deep', 'decoder_failed', framed(SCHEMA_ID.json, deep(5_000)), short),
    registry('a JSON event that is not closed', 'json_invalid', framed(SCHEMA_ID.json, Buffer.from('{"a":'))),
    registry(
      'Avro with meta nested 5,000 levels deep',
      'decoder_failed',
      avro({ meta: `{"a":${nested(5_000)}}` }),
      short
    ),
    registry(
      'Protobuf with meta nested 5,000 levels deep',
      'decoder_failed',
      protobuf({ meta: `{"a":${nested(5_000)}}` })
    ),
    registry('Avro that is cut off', 'avro_invalid', whole.subarray(0, whole.length - 3)),
    registry('Avro with bytes behind it', 'avro_invalid', Buffer.concat([whole, Buffer.alloc(100)])),
    registry('Avro of random bytes', 'avro_invalid', framed(SCHEMA_ID.avro, Buffer.alloc(500, 0xff))),
    registry('an Avro array of 2^40 nulls', 'avro_invalid', framed(SCHEMA_ID.lists, hugeCount), short),
    registry(
      'an Avro map of 2^40 texts',
      'avro_invalid',
      framed(SCHEMA_ID.lists, Buffer.concat([Buffer.of(0), hugeCount]))
    ),
    registry(
      'an Avro record that contains itself 100,000 times',
      'decoder_failed',
      framed(SCHEMA_ID.recursive, Buffer.concat([Buffer.alloc(100_000, 2), Buffer.of(0)]))
    ),
    registry('an Avro schema that contains itself without an end', 'decoder_failed', framed(SCHEMA_ID.infinite, some)),
    registry(
      'a Protobuf message that contains itself 10,000 times',
      'protobuf_invalid',
      framed(SCHEMA_ID.protobufChain, chain(10_000))
    ),
    registry('Protobuf that is cut off', 'protobuf_invalid', protobuf({}).subarray(0, 12)),
    registry(
      'Protobuf with the path to no message',
      'protobuf_invalid',
      framed(SCHEMA_ID.protobuf, Buffer.of(2, 40, 1, 2, 3))
    ),
    registry(
      'Protobuf with a path of a billion steps',
      'protobuf_invalid',
      framed(SCHEMA_ID.protobuf, Buffer.of(0xfe, 0xff, 0xff, 0xff, 0x0f, 2))
    ),
    registry('a schema id that does not exist', 'schema_unknown', framed(987_654_321, some), short),
    registry('2,000 schema ids that do not exist', 'schema_unknown', some, {
      messages: Array.from({ length: 2_000 }, (_, i) => ({ value: framed(500_000 + i, some) })),
    }),
    registry('references that form a cycle', 'schema_unknown', framed(SCHEMA_ID.cyclicReferences, some), short),
    registry('Protobuf references that form a cycle', 'schema_unknown', framed(SCHEMA_ID.protobufCycle, some)),
    registry('a reference that is gone', 'schema_unknown', framed(SCHEMA_ID.missingReference, some)),
    registry('a schema that is not JSON', 'schema_unknown', framed(SCHEMA_ID.notJson, some)),
    registry('an Avro schema with an unknown type', 'schema_unknown', framed(SCHEMA_ID.wrongAvro, some)),
    registry('a Protobuf schema that is cut off', 'schema_unknown', framed(SCHEMA_ID.wrongProtobuf, some)),
    registry('a schema of an unknown kind', 'schema_unknown', framed(SCHEMA_ID.unknownType, some)),
    registry('a schema nested 5,000 levels deep', 'schema_unknown', framed(SCHEMA_ID.nestedSchema, some)),
    registry('no schema id', 'schema_framing_invalid', json(event())),
  ];
}

function chain(depth: number): Buffer {
  const varint = (n: number): number[] => (n < 0x80 ? [n] : [(n & 0x7f) | 0x80, ...varint(n >>> 7)]);
  const parts: Buffer[] = [];
  let length = 0;
  for (let i = 0; i < depth; i++) {
    const head = Buffer.from([0x0a, ...varint(length)]);
    parts.unshift(head);
    length += head.length;
  }
  return Buffer.concat([Buffer.of(0), ...parts]);
}

function nativeInputs(): Input[] {
  const state = vda5050StateV2('hostile', Date.now());
  const report = {
    ...(massRoboticsStatus('hostile', 'no datum', Date.now()) as { statusReport: object }).statusReport,
  };
  return [
    input('vda5050', 'a state without an order, battery and errors', 'vda5050_invalid', json({ version: '2.0.0' })),
    input('vda5050', 'an unknown version', 'vda5050_version_unsupported', json({ ...state, version: '99.0.0' })),
    input(
      'vda5050',
      'a position of NaN',
      'invalid_json',
      Buffer.from(JSON.stringify(state).replace('"x":3', '"x":NaN'))
    ),
    input(
      'vda5050',
      '200,000 open nodes',
      'message_too_large',
      json({ ...state, nodeStates: Array.from({ length: 200_000 }, () => ({ nodeId: 'n' })) })
    ),
    input('vda5050', 'errors of the wrong type', 'vda5050_invalid', json({ ...state, errors: { errorType: 1 } }), {
      isShort: true,
    }),
    input(
      'vda5050',
      'fields nested 5,000 levels deep',
      'invalid_json',
      Buffer.from(
        JSON.stringify(vda5050StateV3('hostile', Date.now())).replace('{', `{"edgeStates2":${nested(5_000)},`)
      )
    ),
    input('massrobotics', 'an unknown datum', 'planar_datum_unknown', json({ statusReport: report })),
    input('massrobotics', 'nothing but brackets', 'invalid_json', Buffer.from('[[[[')),
    input(
      'massrobotics',
      'a report of reports',
      'massrobotics_invalid',
      json({ statusReport: { statusReport: report } })
    ),
  ];
}

/** Values that only Kafka knows. */
function kafkaInputs(): Input[] {
  const good = json(event());
  const headers = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`h${i}`, 'x']));
  return [
    input('json', 'a key of 1 MB', null, good, { messages: [{ key: Buffer.alloc(MB, 7), value: good }] }),
    input('json', '10,000 headers', null, good, { messages: [{ value: good, headers }] }),
    input('json', 'a trace header of 100 kB', null, good, {
      messages: [{ value: good, headers: { traceparent: 'x'.repeat(100_000) } }],
    }),
    input('json', 'a Kafka time of 1970', null, good, { messages: [{ value: good, timestamp: '0' }] }),
    input('json', 'an aborted transaction', null, good, { isAborted: true, isShort: true }),
    input('json', 'sixteen arrays of 400,000 numbers in a small gzip batch', 'not_an_object', good, {
      messages: Array.from({ length: 16 }, () => ({ value: `[${'1,'.repeat(399_999)}1]` })),
      codec: 'gzip',
    }),
    ...(['gzip', 'snappy', 'lz4', 'zstd'] as const).map((codec) =>
      input('json', `a message of 12 MB in a small ${codec} batch`, 'message_too_large', Buffer.alloc(12 * MB, 0x20), {
        codec,
      })
    ),
  ];
}
