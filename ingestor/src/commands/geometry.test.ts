import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mapToPixel, pixelToMap } from '@floorwatch/floorplan/transform';
import { afterAll, expect, it } from 'vitest';
import { readRosGeometry } from '../floorplan-import/read-ros-plan.ts';
import { pixelsOf } from './geometry.ts';

const folder = mkdtempSync(join(tmpdir(), 'floorwatch-points-'));
const write = (name: string, content: string | Uint8Array): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
afterAll(() => {
  rmSync(folder, { recursive: true });
});

it('points of the map are placed on the image: y up on the floor, v down in the image, rotated by the yaw', () => {
  write('hall.pgm', `P2\n40 20\n255\n${'0 '.repeat(800)}`);
  const yaml = write('hall.yaml', `image: hall.pgm\nresolution: 0.5\norigin: [10, -5, ${Math.PI / 2}]\nnegate: 0\n`);
  const pixels = pixelsOf(yaml, write('points.csv', '\uFEFFrobot, x ,y\r\na,10,-5\r\n\r\nb,7.5,0\r\n'));
  expect(pixels).toMatchObject([
    { x: 10, y: -5 },
    { x: 7.5, y: 0 },
  ]);
  const geometry = readRosGeometry(yaml);
  // Rotated by 90°: +y of the floor is +u, and −x is up in the image.
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

it('the error names a missing file', () => {
  const yaml = join(folder, 'hall.yaml');
  const problem = 'absent.csv: cannot be read (there is no such file)';
  expect(() => pixelsOf(yaml, join(folder, 'absent.csv'))).toThrow(problem);
});
