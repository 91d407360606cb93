import { describe, expect, test } from 'vitest';
import { RowBinaryWriter } from '../row-binary-writer.ts';
import { NativeBlock } from './native-block.ts';

const COLUMNS = [
  ['a', 'LowCardinality(String)'],
  ['b', 'LowCardinality(Nullable(String))'],
  ['c', 'Nullable(String)'],
  ['d', 'Nullable(Float32)'],
] as const;

/** The response of ClickHouse 26.7 to `SELECT ... FORMAT Native` for the rows below. */
const FROM_CLICKHOUSE =
  '04040161164c6f7743617264696e616c69747928537472696e672901000000000000000006000000000000030000000000000000027231' +
  '0272320400000000000000010201000162204c6f7743617264696e616c697479284e756c6c61626c6528537472696e6729290100000000' +
  '000000000600000000000003000000000000000000016d0400000000000000020002010163104e756c6c61626c6528537472696e672901' +
  '0000000001740001750164114e756c6c61626c6528466c6f6174333229000100000000c03f000000000000000000000040';

function rowsOf(rows: readonly (readonly [string, string | null, string | null, number | null])[]): Buffer {
  const writer = new RowBinaryWriter();
  for (const [a, b, c, d] of rows) {
    writer.beginRow();
    writer.string(a);
    writer.nullableString(b);
    writer.nullableString(c);
    writer.nullableFloat32(d);
  }
  return writer.bytes();
}

const ROWS = rowsOf([
  ['r1', 'm', null, 1.5],
  ['r2', null, 't', null],
  ['r1', 'm', '', 0],
  ['', '', 'u', 2],
]);

/** The dictionary and the indexes of a block of one LowCardinality(String) column. */
function readLowCardinality(block: Buffer, headBytes: number) {
  let at = headBytes + 8;
  const width = 1 << Number(block.readBigUInt64LE(at) & 0xffn);
  const size = Number(block.readBigUInt64LE(at + 8));
  at += 16;
  const dictionary = Array.from({ length: size }, () => {
    const end = at + 1 + block.readUInt8(at);
    const text = block.toString('utf8', at + 1, end);
    at = end;
    return text;
  });
  const rows = Number(block.readBigUInt64LE(at));
  at += 8;
  return Array.from({ length: rows }, (_, row) => dictionary[block.readUIntLE(at + row * width, width)]);
}

describe('NativeBlock', () => {
  test('is byte for byte equal to the output of ClickHouse', () => {
    expect(Buffer.concat(new NativeBlock(COLUMNS).encode(ROWS)).toString('hex')).toBe(FROM_CLICKHOUSE);
  });

  test('can be used again', () => {
    const block = new NativeBlock(COLUMNS);
    block.encode(rowsOf([['other', 'values', 'before', 9]]));
    block.clear();
    expect(Buffer.concat(block.encode(ROWS)).toString('hex')).toBe(FROM_CLICKHOUSE);
  });

  test.each([200, 300, 70_000])(
    'finds each of %d distinct values again, whatever the width of their indexes',
    (count) => {
      const names = Array.from({ length: count + 500 }, (_, i) => `robot-${i % count}`);
      const writer = new RowBinaryWriter();
      for (const name of names) {
        writer.beginRow();
        writer.string(name);
      }
      const pieces = new NativeBlock([['robot_id', 'LowCardinality(String)']]).encode(writer.bytes());
      const headBytes = (pieces[0]?.length ?? 0) + (pieces[1]?.length ?? 0);
      expect(readLowCardinality(Buffer.concat(pieces), headBytes)).toEqual(names);
    }
  );

  test('a string with several length bytes is complete', () => {
    const writer = new RowBinaryWriter();
    writer.beginRow();
    writer.string('x'.repeat(20_000));
    const block = Buffer.concat(new NativeBlock([['raw', 'String']]).encode(writer.bytes()));
    expect(block.toString('latin1')).toBe(`\x01\x01\x03raw\x06String\xa0\x9c\x01${'x'.repeat(20_000)}`);
  });

  test('an unsupported type is an error at construction', () => {
    expect(() => new NativeBlock([['p', 'Array(String)']])).toThrow('no Native column for Array(String)');
  });
});
