import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode, encode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRosPlan } from './read-ros-plan.ts';

const yaml = (image: string) => `image: ${image}\nresolution: 0.5\norigin: [1, 2, 0.3]\nnegate: 0\n`;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'floorwatch-plan-'));
  const png = encode({ width: 2, height: 1, data: new Uint8Array([0, 255]), channels: 1 });
  const files: Record<string, string | Uint8Array> = {
    'pgm.yaml': yaml('hall.pgm'),
    'hall.pgm': 'P2\n3 2\n255\n0 128 255\n255 128 0\n',
    'png.yaml': yaml('hall.png'),
    'hall.png': png,
    'missing.yaml': yaml('nowhere.pgm'),
    'corrupt.yaml': yaml('corrupt.png'),
    'corrupt.png': png.subarray(0, 40),
    'huge.yaml': yaml('huge.png'),
    'huge.png': claiming(png),
    'flat.yaml': yaml('flat.png'),
    'flat.png': claiming(png, 0),
    'folder.yaml': yaml('.'),
    'utf16.yaml': Buffer.from(`\uFEFF${yaml('hall.pgm')}`, 'utf16le'),
    'jpeg.yaml': yaml('hall.jpg'),
    'hall.jpg': new Uint8Array([0xff, 0xd8, 0xff]),
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** The same image with a header that claims 20,000 × 20,000 pixels, or the given size. */
function claiming(png: Uint8Array, side = 20_000): Uint8Array {
  const copy = Uint8Array.from(png);
  const view = new DataView(copy.buffer);
  view.setUint32(16, side);
  view.setUint32(20, side);
  return copy;
}

describe('readRosPlan', () => {
  it('converts a PGM to a PNG with the same grey values', () => {
    const plan = readRosPlan(join(folder, 'pgm.yaml'));
    expect(plan).toMatchObject({
      mapId: 'pgm',
      geometry: { widthPixels: 3, heightPixels: 2, metresPerPixel: 0.5, yawRadians: 0.3 },
    });
    expect([...decode(plan.png).data]).toEqual([0, 128, 255, 255, 128, 0]);
  });

  it('stores a PNG unchanged, with the given names', () => {
    const plan = readRosPlan(join(folder, 'png.yaml'), { mapId: 'f1', siteId: 's', name: 'Ground floor' });
    expect(plan).toMatchObject({ mapId: 'f1', siteId: 's', name: 'Ground floor', geometry: { widthPixels: 2 } });
  });

  it('equal plans have the same checksum', () => {
    const file = join(folder, 'pgm.yaml');
    expect(readRosPlan(file).checksum).toBe(readRosPlan(file).checksum);
    expect(readRosPlan(file).checksum).not.toBe(readRosPlan(join(folder, 'png.yaml')).checksum);
  });

  it.each([
    ['absent.yaml', 'absent.yaml: cannot be read (there is no such file)'],
    ['missing.yaml', /missing\.yaml: image \S+nowhere\.pgm: cannot be read \(there is no such file\)$/],
    ['folder.yaml', /folder\.yaml: image \S+: cannot be read \(it is a folder\)$/],
    ['utf16.yaml', 'utf16.yaml is not UTF-8 text'],
    ['corrupt.yaml', /corrupt\.png is not a readable PNG: it is cut short or corrupt$/],
    ['huge.yaml', 'huge.png: 20000 × 20000 pixels are more than the limit of 100 million'],
    ['flat.yaml', 'flat.png: has no pixels: it is 0 × 0'],
    ['jpeg.yaml', 'hall.jpg is neither a PGM nor a PNG image'],
  ])('%s is an error that names the file', (file, message) => {
    expect(() => readRosPlan(join(folder, file))).toThrow(message);
  });
});
