import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mapToPixel, pixelToMap } from '@floorwatch/floorplan/transform';
import { afterAll, expect, it } from 'vitest';
import { readRosGeometry } from '../floorplan-import/read-ros-plan.ts';
import { readPoints } from './read-points.ts';

const folder = mkdtempSync(join(tmpdir(), 'floorwatch-points-'));
const write = (name: string, content: string | Uint8Array): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
afterAll(() => {
  rmSync(folder, { recursive: true });
});

it('places points of the map on the image: y up on the floor, v down in the image, turned by the yaw', () => {
  write('hall.pgm', `P2\n40 20\n255\n${'0 '.repeat(800)}`);
  const yaml = write('hall.yaml', `image: hall.pgm\nresolution: 0.5\norigin: [10, -5, ${Math.PI / 2}]\nnegate: 0\n`);
  const points = readPoints(write('points.csv', '\uFEFFrobot, x ,y\r\na,10,-5\r\n\r\nb,7.5,0\r\n'));
  const geometry = readRosGeometry(yaml);
  const pixels = points.map((point) => mapToPixel(geometry, point));
  // Turned a quarter: +y of the floor runs along u, −x up the image.
  for (const [i, [u, v]] of [
    [0, 20],
    [10, 15],
  ].entries()) {
    expect(pixels[i]?.u).toBeCloseTo(u ?? NaN, 9);
    expect(pixels[i]?.v).toBeCloseTo(v ?? NaN, 9);
    const again = mapToPixel(geometry, pixelToMap(geometry, pixels[i] ?? { u: NaN, v: NaN }));
    expect(Math.hypot(again.u - (u ?? NaN), again.v - (v ?? NaN))).toBeLessThan(1e-6);
  }
});

it.each([
  ['in another order and case, with quotes', '"Y","X","z"\n"2","1","3"\n'],
  ['separated by semicolons, in an old encoding', new Uint8Array(Buffer.from('Ger\xe4t;x;y\n\xfc;1;2\n', 'latin1'))],
  ['separated by tabs', '\n\nx\ty\r\n1.\t+2e0\r\n'],
])('reads columns %s', (_, csv) => {
  expect(readPoints(write('good.csv', csv))).toMatchObject([{ xMetres: 1, yMetres: 2 }]);
});

it.each([
  ['is empty: a header with the columns x and y is expected', '\uFEFF\n'],
  ['column x is there twice', 'x,y,X\n1,2,3\n'],
  ["line 2: x must be metres, it is '0x10'", 'x,y\n0x10,1\n'],
  ["line 2: x must be metres, it is '1e400'", 'x,y\n1e400,1\n'],
  ['column y is missing (the header has x, z)', 'x,z\n1,2\n'],
  ["line 3: x must be metres, it is 'far'", 'x,y\n1,2\nfar,2\n'],
  ["line 2: y must be metres, it is ''", 'x,y\n1,\n'],
  ["line 2: x must be metres, it is 'NaN'", 'x,y\nNaN,1\n'],
  ['is not readable CSV', 'x,y\n1,2,3\n'],
])('names the file and says: %s', (problem, csv) => {
  const file = write('bad.csv', csv);
  expect(() => readPoints(file)).toThrow(problem);
  expect(() => readPoints(file)).toThrow(/bad\.csv/);
});

it('names a file that is not there', () => {
  expect(() => readPoints(join(folder, 'absent.csv'))).toThrow('absent.csv: cannot be read (there is no such file)');
});
