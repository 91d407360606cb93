import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readRosGeometry } from '../floorplan/read-ros-plan.ts';
import { mapToPixel, pixelToMap } from '../plans/transform.ts';
import { readPoints } from './read-points.ts';

const folder = mkdtempSync(join(tmpdir(), 'floorwatch-points-'));
const write = (name: string, content: string): string => {
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
  expect(() => readPoints(join(folder, 'absent.csv'))).toThrow('absent.csv: cannot be read (ENOENT)');
});
