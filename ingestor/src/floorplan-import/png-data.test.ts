import { crc32, deflateSync } from 'node:zlib';
import { encode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { boundedPng } from './png-data.ts';

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

/** A grey image of 4 × 4 pixels of 8 bits, with these data and another chunk. */
function png(data: Uint8Array, extra: Uint8Array = Buffer.alloc(0)): Buffer {
  const header = chunk('IHDR', Buffer.from([0, 0, 0, 4, 0, 0, 0, 4, 8, 0, 0, 0, 0]));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, header, extra, chunk('IDAT', deflateSync(data)), chunk('IEND', Buffer.alloc(0))]);
}

const PIXELS = Buffer.alloc(4 * 5);

describe('boundedPng', () => {
  it.each([
    [1, 8],
    [2, 8],
    [3, 8],
    [4, 8],
    [3, 16],
    [4, 16],
  ] as const)('accepts an image of %i channels and %i bits', (channels, depth) => {
    const samples = 300 * 7 * channels;
    const data = depth === 8 ? new Uint8Array(samples).fill(9) : new Uint16Array(samples).fill(900);
    expect(() => boundedPng(encode({ width: 300, height: 7, data, channels, depth }), 'a.png')).not.toThrow();
  });

  it('rejects data that expand to more than the size of the image needs', () => {
    expect(() => boundedPng(png(Buffer.alloc(21)), 'a.png')).toThrow(
      /a\.png.*expand to more than its size needs \(20 bytes\)/
    );
  });

  it('leaves out chunks that pixels do not need, such as a compressed colour profile', () => {
    const profile = chunk('iCCP', Buffer.concat([Buffer.from('p\0\0'), deflateSync(Buffer.alloc(1000))]));
    expect(Buffer.from(boundedPng(png(PIXELS, profile), 'a.png'))).toEqual(png(PIXELS));
  });

  it('rejects a chunk that is longer than the file', () => {
    const cut = png(PIXELS).subarray(0, -15);
    expect(() => boundedPng(cut, 'a.png')).toThrow(/cut short or corrupt/);
  });
});
