import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { demoPlans } from '../../plans/draw.ts';
import { loadDemoFloors, loadFloors } from './plans.ts';
import { createRouteFinder } from './routes.ts';
import { findStations } from './stations.ts';

describe('floor plans', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'floorwatch-plans-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const write = async (name: string, content: string | Uint8Array) => {
    await writeFile(join(folder, name), content);
    return join(folder, name);
  };

  it('the plan files are the same as the generated ones', async () => {
    for (const { file, content } of demoPlans()) {
      expect(Buffer.from(content).equals(await readFile(join(import.meta.dirname, '../../plans', file))), file).toBe(
        true
      );
    }
  });

  it('a route of neighbouring free cells connects stations of the demo warehouse', async () => {
    for (const floor of await loadDemoFloors()) {
      const { work, chargers } = findStations(floor);
      const [from = -1, to = -1] = [chargers[0], work.at(-1)];
      const route = [from, ...createRouteFinder(floor)(from, to)];
      expect(route.at(-1)).toBe(to);
      expect(route.every((cell) => floor.isFree(cell))).toBe(true);
      const steps = route.slice(1).map((cell, index) => Math.abs(cell - (route[index] ?? NaN)));
      expect(new Set(steps)).toEqual(new Set([1, floor.columns]));
    }
  });

  it('places the cells of a ROS map with a rotated origin', async () => {
    // 2 × 1 m, all free, its lower-left corner at (10, 20), turned by 90°: right in the image is up on the floor.
    const pgm = Buffer.concat([Buffer.from('P5\n4 2\n255\n'), Buffer.alloc(8, 254)]);
    await write('turned.pgm', pgm);
    const yaml = `image: turned.pgm\nresolution: 0.5\norigin: [10, 20, ${Math.PI / 2}]\nnegate: 0\noccupied_thresh: 0.65\nfree_thresh: 0.25\n`;
    const [floor] = await loadFloors([await write('turned.yaml', yaml)]);
    expect(floor).toMatchObject({ mapId: 'turned', columns: 4, rows: 2 });
    const position = floor?.positionOf(3);
    expect(position?.xMetres).toBeCloseTo(10 - 0.75, 9);
    expect(position?.yMetres).toBeCloseTo(20 + 1.75, 9);
  });

  it('reads a .map grid with its special cells and keeps the largest connected area', async () => {
    const file = await write('grid.map', 'type octile\nheight 3\nwidth 5\nmap\n.ES@.\n...@@\n@@@@@\n');
    const [floor] = await loadFloors([file]);
    expect(floor?.cells).toEqual([0, 1, 2, 5, 6, 7]);
    expect(floor?.positionOf(0)).toEqual({ xMetres: 0.5, yMetres: 2.5 });
  });

  it.each([
    ['width.map', 'type octile\nheight 1\nmap\n.\n', /width\.map: "width" must be a whole number/],
    ['short.map', 'type octile\nheight 2\nwidth 3\nmap\n...\n..\n', /short\.map:6: expected 2 rows of 3 cells/],
    ['few.map', 'type octile\nheight 2\nwidth 3\nmap\n...', /few\.map:6: expected 2 rows of 3 cells/],
    ['full.map', 'type octile\nheight 1\nwidth 3\nmap\n@@@\n', /The plan of map full has no free cell/],
    ['none.map', 'hello', /none\.map: no line "map"/],
    ['bare.yaml', 'image: bare.pgm\n', /bare\.yaml: .*is missing/],
  ])('rejects %s with its name and the problem', async (name, content, message) => {
    await expect(loadFloors([await write(name, content)])).rejects.toThrow(message);
  });
});
