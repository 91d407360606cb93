import { describe, expect, it } from 'vitest';
import { decodePgm } from './pgm.ts';

const bytes = (header: string, ...samples: number[]) =>
  Uint8Array.from([...new TextEncoder().encode(header), ...samples]);

describe('decodePgm', () => {
  it('reads a binary image', () => {
    const image = decodePgm(bytes('P5\n2 3\n255\n', 0, 50, 100, 150, 205, 255), 'a.pgm');
    expect(image).toEqual({
      widthPixels: 2,
      heightPixels: 3,
      grey: Uint8Array.from([0, 50, 100, 150, 205, 255]),
    });
  });

  it('skips the comment that GIMP and map_saver write', () => {
    const image = decodePgm(bytes('P5\n# CREATOR: map_saver 0.030 m/pix\n2 1 # size\n255\n', 7, 8), 'a.pgm');
    expect([...image.grey]).toEqual([7, 8]);
  });

  it('reads a first sample that has the value of white space or #', () => {
    expect([...decodePgm(bytes('P5 3 1 255\n', 0x0a, 0x23, 0x20), 'a.pgm').grey]).toEqual([0x0a, 0x23, 0x20]);
  });

  it('scales a small maxval and 16-bit samples to 0–255', () => {
    expect([...decodePgm(bytes('P5\n3 1\n2\n', 0, 1, 2), 'a.pgm').grey]).toEqual([0, 128, 255]);
    expect([...decodePgm(bytes('P5\n2 1\n65535\n', 0x80, 0x00, 0xff, 0xff), 'a.pgm').grey]).toEqual([128, 255]);
  });

  it('reads a text image with comments between the values', () => {
    expect([...decodePgm(bytes('P2\n2 2\n15\n0 5 # half a row\n10\t15'), 'a.pgm').grey]).toEqual([0, 85, 170, 255]);
  });

  it('ends a token at a comment', () => {
    expect([...decodePgm(bytes('P5\n2#wide\n1#high\n255#white\n', 7, 8), 'a.pgm').grey]).toEqual([7, 8]);
    expect([...decodePgm(bytes('P2#text\r2 1 255\r0#black\r000255'), 'a.pgm').grey]).toEqual([0, 255]);
  });

  it.each([
    ['another format', bytes('P6\n1 1\n255\n', 1, 2, 3), /is not a PGM image/],
    ['an empty file', bytes(''), /is not a PGM image/],
    ['a header without height', bytes('P5\n2\n'), /no valid height/],
    ['a width of zero', bytes('P5\n0 2\n255\n'), /no valid width/],
    ['a maxval above 16 bits', bytes('P5\n1 1\n70000\n', 1, 1), /maxval must be at most 65535/],
    ['missing samples', bytes('P5\n2 2\n255\n', 1, 2, 3), /cut short or corrupt/],
    ['a sample above maxval', bytes('P5\n1 1\n10\n', 11), /cut short or corrupt/],
    ['a sample below 0 in a text image', bytes('P2\n2 1\n9\n3 -1'), /cut short or corrupt/],
    ['a text image that is cut short', bytes('P2\n2 1\n9\n3 #4\n'), /cut short or corrupt/],
    ['a word in a text image', bytes('P2\n2 1\n9\n3 x'), /cut short or corrupt/],
    ['20,000 × 20,000 pixels', bytes('P5\n20000 20000\n255\n'), /more than the limit of 100 million/],
  ])('rejects %s in one sentence with the file name', (_, input, problem) => {
    expect(() => decodePgm(input, 'floor.pgm')).toThrow(problem);
    expect(() => decodePgm(input, 'floor.pgm')).toThrow(/^floor\.pgm(:| is) /);
  });
});
