import type { MapShape } from '@floorwatch/floorplan/map-shape';
import { createTheme } from '@grafana/data';
import { paletteOf } from '../paint/palette';
import { namesToDraw, type Surroundings } from './shapeNames';
import { drawableShapes } from './drawableShapes';

const at = (xMetres: number, yMetres: number) => ({ xMetres, yMetres });
const named = (name: string) => ({ id: name, name, kind: 'zone', mapId: 'hall' });
/** Eight metres high around this middle. */
const zone = (name: string, left: number, right: number, middle = 0): MapShape => ({
  type: 'zone',
  ...named(name),
  corners: [at(left, middle - 4), at(right, middle - 4), at(right, middle + 4), at(left, middle + 4)],
});
const lane: MapShape = { type: 'lane', ...named('Way'), path: [at(0, 0), at(20, 0)] };
const station = (name: string, x: number, y: number): MapShape => ({
  type: 'station',
  ...named(name),
  at: at(x, y),
  headingRadians: null,
});
const palette = paletteOf(createTheme());

function names(shapes: MapShape[], pxPerMetre: number, robotsIn: number[] = []): string[] {
  const view = { widthPx: 800, heightPx: 800, centreXMetres: 10, centreYMetres: 0, pxPerMetre };
  return namesToDraw(view, drawableShapes(shapes), Uint32Array.from(robotsIn), palette, empty()).map(
    ({ text }) => text
  );
}
const empty = (): Surroundings => ({ labels: [], markers: [], markerPx: 20, lastPlaces: new WeakMap() });

it('names a place with the robots in it, where the name fits', () => {
  expect(names([zone('Dock', 0, 10)], 10, [3])).toEqual(['Dock · 3']);
  expect(names([zone('Dock', 0, 10)], 2, [3])).toEqual([]);
});

it('gives the room to the zone where the name of a lane would cover its own', () => {
  expect(names([lane, zone('Dock', 5, 15, 3)], 10)).toEqual(['Dock', 'Way']);
  expect(names([lane, zone('Dock', 5, 15, -4)], 10)).toEqual(['Dock']);
});

it('says how many robots are in a zone without a name, and nothing of a lane without one', () => {
  const nameless = { ...lane, name: '' };
  expect(names([zone('', 0, 20)], 10, [3])).toEqual(['3 robots']);
  expect(names([zone('', 0, 20)], 10, [1])).toEqual(['1 robot']);
  expect(names([zone('', 0, 20), nameless], 10, [0, 2])).toEqual([]);
});

describe('the place of a zone’s name', () => {
  const view = { widthPx: 800, heightPx: 800, centreXMetres: 0, centreYMetres: 0, pxPerMetre: 20 };
  const shapes = drawableShapes([zone('Dock', -8, 8)]);
  const place = (surroundings: Surroundings) => namesToDraw(view, shapes, new Uint32Array(1), palette, surroundings)[0];
  // The zone reaches from 240 to 560 px across, and from 320 to 480 px down.
  const atTop = { xPx: 400, yPx: 331 };

  it('is its upper edge', () => {
    expect(place(empty())).toMatchObject({ xPx: 400, yPx: 335 });
  });

  it('is on screen while any of its places is', () => {
    const lower = { ...view, centreYMetres: -20 };
    const [name] = namesToDraw(lower, shapes, new Uint32Array(1), palette, empty());
    expect(name?.yPx).toBeGreaterThan(0);
  });

  it('is beside a robot that stands there, and does not come back before another one stands on it', () => {
    const memory = empty();
    expect(place({ ...memory, markers: [atTop] })).toMatchObject({ xPx: 259, yPx: 335 });
    expect(place(memory)).toMatchObject({ xPx: 259, yPx: 335 });
    expect(place({ ...memory, markers: [{ xPx: 259, yPx: 331 }] })).toMatchObject({ xPx: 400 });
  });

  it('is its upper edge also where robots stand everywhere', () => {
    const markers = Array.from({ length: 400 }, (_, k) => ({
      xPx: 240 + (k % 20) * 16,
      yPx: 320 + Math.floor(k / 20) * 8,
    }));
    expect(place({ ...empty(), markers })).toMatchObject({ xPx: 400, yPx: 335 });
  });

  it('is never where the name of a selected robot stands', () => {
    const label = { text: 'amr-7', ...atTop, priority: -1 };
    expect(place({ ...empty(), labels: [label] })).toMatchObject({ xPx: 259 });
    const everywhere = [331, 400, 469].map((yPx) => ({ ...label, text: 'x'.repeat(80), yPx: yPx + 4 }));
    expect(place({ ...empty(), labels: everywhere })).toBeUndefined();
  });
});

it('names stations in a dense row only from nearby', () => {
  const row = [0, 1, 2].map((y) => station(`C${y}`, 10, y));
  expect(names(row, 12)).toEqual([]);
  expect(names(row, 26)).toEqual(['C0', 'C1', 'C2']);
  expect(names([station('Alone', 10, 0)], 12)).toEqual(['Alone']);
});

it('names two stations of one place once', () => {
  expect(names([station('Pick', 10, 0), station('Drop', 10, 0)], 20)).toEqual(['Pick']);
});
