import { isUtf8 } from 'node:buffer';
import { fieldIndex } from '@floorwatch/contract';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RowBinaryWriter } from '../../rows/row-binary-writer.ts';
import { ScannedRowWriter } from '../../rows/scanned-row.ts';
import { writeTelemetryRow } from '../../rows/telemetry-row.ts';
import { decodeJson } from '../json.ts';
import { ByteScanner } from './byte-scanner.ts';
import { scanEvent } from './scan-event.ts';
import { ScannedEvent } from './scanned-event.ts';

const NOW_MS = Date.UTC(2026, 5, 15, 12);
const PLACE = { topic: 'robot.telemetry', partition: 3 };
const RECEIVED_AT_MS = NOW_MS + 500;
const OFFSET = 41;
const META = fieldIndex('meta');

interface FastRow {
  row: string;
  /** As in the message. */
  meta: string;
}

/** Bytes of a fetch that may follow a message, and could complete or continue what is cut off. */
const FOLLOWING = ['}', '}}', ' }', '1}', '"}', ',"x":1}', 'ull}', '\x00\x02'].map((text) => Buffer.from(text));

/** The row of the fast path, whatever surrounds the text; null when the fast path fails. */
function fastRow(text: Buffer): FastRow | null {
  const alone = fastRowOf(text, 0, text.length);
  for (const following of FOLLOWING) {
    const fetched = Buffer.concat([Buffer.from('{"'), text, following]);
    expect(fastRowOf(fetched, 2, 2 + text.length)).toEqual(alone);
  }
  return alone;
}

function fastRowOf(bytes: Buffer, from: number, to: number): FastRow | null {
  const scanner = new ByteScanner();
  const scanned = new ScannedEvent();
  scanner.load(bytes, from, to);
  if (!scanEvent(scanner, NOW_MS, scanned) || (scanner.sawNonAscii && !isUtf8(bytes.subarray(from, to)))) return null;
  const writer = new RowBinaryWriter();
  if (!new ScannedRowWriter(PLACE).write(writer, bytes, to - from, scanned, OFFSET, 0, RECEIVED_AT_MS)) return null;
  const start = scanned.starts[META] ?? -1;
  const meta = start < 0 ? '' : bytes.toString('utf8', start, scanned.ends[META]);
  return { row: writer.bytes().toString('hex'), meta };
}

/** The row of the general path, with this text of `meta`; null when the event is invalid. */
function generalRow(bytes: Buffer, meta: string): string | null {
  const [outcome, ...more] = decodeJson(bytes, NOW_MS);
  if (!outcome?.ok || more.length > 0) return null;
  const parse = (json: string): unknown => (json === '' ? null : JSON.parse(json));
  expect(parse(meta)).toEqual(parse(outcome.value.meta));
  const writer = new RowBinaryWriter();
  writeTelemetryRow(
    writer,
    { ...outcome.value, meta },
    { ...PLACE, offset: OFFSET, part: 0, receivedAtMs: RECEIVED_AT_MS }
  );
  return writer.bytes().toString('hex');
}

/** A value that a robot might send in a field, valid more often than invalid. */
const anyOf = (...good: fc.Arbitrary<unknown>[]) =>
  fc.oneof({ weight: 60, arbitrary: fc.oneof(...good) }, { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 1 }) });
const absent = fc.constantFrom(null, undefined);
const plainText = fc.stringMatching(/^[a-z0-9éß -]{1,20}$/);
const text = fc.oneof(
  { weight: 20, arbitrary: plainText },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 300 }) }
);
const decimal = (limit: number) =>
  fc.oneof(
    { weight: 1, arbitrary: fc.double({ min: -limit, max: limit, noNaN: true }) },
    { weight: 20, arbitrary: fc.integer({ min: -limit * 100, max: limit * 100 }).map((n) => n / 100) }
  );
const isoTime = fc
  .date({ min: new Date(NOW_MS - 3 * 86_400_000), max: new Date(NOW_MS + 86_400_000), noInvalidDate: true })
  .chain((date) =>
    fc.constantFrom(
      date.toISOString(),
      date.toISOString().replace('Z', '+00:00'),
      date.toISOString().replace('Z', '456+00:00'),
      date.toISOString().replace(/\.\d+Z/, ''),
      date.toISOString().replace('Z', '+02:00'),
      date.toISOString().replace('T', ' ').slice(0, 21)
    )
  );
const events = fc.record(
  {
    event_id: anyOf(
      fc.uuid(),
      fc.uuid().map((id) => id.toUpperCase()),
      absent
    ),
    robot_id: anyOf(fc.string({ minLength: 1, maxLength: 20 }), text),
    ts: anyOf(isoTime, fc.integer({ min: NOW_MS - 91 * 86_400_000, max: NOW_MS + 2 * 86_400_000 }), isoTime),
    event_type: anyOf(fc.constantFrom('POSITION_UPDATE', 'HEARTBEAT', 'NEW_TYPE'), absent),
    task_id: anyOf(text, absent),
    x: anyOf(decimal(1000), absent),
    y: anyOf(decimal(1000), absent),
    theta: anyOf(decimal(10), absent),
    map_id: anyOf(text, absent),
    site_id: anyOf(text, absent),
    speed: anyOf(decimal(2), absent),
    battery: anyOf(fc.integer({ min: -1, max: 101 }), decimal(100), absent),
    state: anyOf(fc.constantFrom('working', 'idle', 'charging', 'dancing'), absent),
    error_code: anyOf(text, absent),
    meta: anyOf(
      fc.record(
        { firmware: anyOf(text), heading: anyOf(decimal(4)), note: text, list: fc.array(fc.integer()) },
        { requiredKeys: [] }
      ),
      absent
    ),
    extra: fc.oneof({ weight: 9, arbitrary: fc.integer() }, { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) }),
  },
  { requiredKeys: ['robot_id', 'ts'] }
);

describe('scanEvent', () => {
  test('accepts only what the general path accepts, and writes the same row', () => {
    let accepted = 0;
    fc.assert(
      fc.property(events, fc.constantFrom(undefined, 1), (event, indent) => {
        const bytes = Buffer.from(JSON.stringify(event, null, indent));
        const fast = fastRow(bytes);
        if (fast === null) return;
        accepted++;
        expect(fast.row).toBe(generalRow(bytes, fast.meta));
      }),
      { numRuns: 3_000 }
    );
    expect(accepted).toBeGreaterThan(200);
  });

  test('a text with changed bytes is never accepted when the general path rejects it', () => {
    const valid = Buffer.from(
      '{"event_id":"0b8e8f3c-5d2a-4b8e-9a55-0e4f6a1b2c3d","robot_id":"amr-1","ts":"2026-06-15T10:00:00.123Z","x":1.5,"y":-2,"battery":55,"state":"idle","meta":{"firmware":"1.2","heading":3.1}}'
    );
    const edits = fc.array(fc.tuple(fc.nat(valid.length - 1), fc.nat(255)), { minLength: 1, maxLength: 3 });
    expect(fastRow(valid)).not.toBeNull();
    fc.assert(
      fc.property(edits, (changes) => {
        const bytes = Buffer.from(valid);
        for (const [at, byte] of changes) bytes[at] = byte;
        if (fastRow(bytes) !== null) expect([...decodeJson(bytes, NOW_MS)]).toMatchObject([{ ok: true }]);
      }),
      { numRuns: 20_000 }
    );
  });

  test.each([
    ['an escape', '{"robot_id":"a\\u0062","ts":1781517600000}'],
    ['a field that is there twice', '{"robot_id":"a","robot_id":"b","ts":1781517600000}'],
    ['a key of meta that is there twice', '{"robot_id":"a","ts":1781517600000,"meta":{"k":1,"k":2}}'],
    ['an exponent', '{"robot_id":"a","ts":1781517600000,"battery":1e1}'],
    ['a number of more than 15 digits', '{"robot_id":"a","ts":1781517600000,"battery":0.1234567890123456}'],
    ['several events', '{"robot_id":"a","ts":1781517600000}\n{"robot_id":"b","ts":1781517600000}'],
  ])('leaves %s to the general path', (_name, message) => {
    expect(fastRow(Buffer.from(message))).toBeNull();
  });

  test('reads the JSON of a Python producer', () => {
    const bytes = Buffer.from(
      '{"robot_id": "amr-7", "ts": "2026-06-15T10:00:00.123456+00:00", "x": 1.0, "y": 0.10, "theta": null, "meta": {"firmware": "2.0", "heading": 4.0}}'
    );
    const fast = fastRow(bytes);
    expect(fast?.row).toBe(generalRow(bytes, fast?.meta ?? ''));
  });
});
