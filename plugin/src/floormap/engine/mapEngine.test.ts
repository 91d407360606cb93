import { createTheme } from '@grafana/data';
import { testFleet } from '../fleet/testFleet';
import type { Frame, MapLayer } from '../layers/mapLayer';
import { paletteOf } from '../paint/palette';
import { testPen } from '../paint/testPen';
import { MapEngine } from './mapEngine';

jest.mock('../paint/raster', () => ({ rasterSettings: () => ({}) }));

const VIEW = { widthPx: 400, heightPx: 300, centreXMetres: 0, centreYMetres: 0, pxPerMetre: 10 };
const FLEET = testFleet([{ robot_id: 'r-1', x: 1, y: 2, state: 'idle', age_seconds: 0 }], Date.now());
const ALL = Uint8Array.of(1);
const palette = paletteOf(createTheme());

const painted: Record<string, Frame[]> = {};
/** A layer that lists the frames that it was painted for, and throws while `isBroken` says so. */
function layerOf(name: string, over: Partial<MapLayer> = {}, isBroken = () => false): MapLayer {
  painted[name] = [];
  const create: MapLayer['create'] = () => (_, frame) => {
    painted[name]?.push(frame);
    if (isBroken()) throw new Error(`${name} broke`);
  };
  return { name, canvas: 'overlay', shows: [], create, ...over };
}

let engine: MapEngine | undefined;
function createEngine(...layers: MapLayer[]): MapEngine {
  engine = new MapEngine(document.createElement('div'), VIEW, palette, layers);
  return engine;
}
const frames = (ms = 100) => void jest.advanceTimersByTime(ms);
const log = jest.spyOn(console, 'error').mockImplementation(() => undefined);
let drawImage: (() => void) | undefined;

beforeEach(() => {
  jest.useFakeTimers();
  log.mockClear();
  drawImage = undefined;
  jest.spyOn(HTMLCanvasElement.prototype, 'getContext').mockImplementation(() => {
    const { pen } = testPen();
    pen.drawImage = () => drawImage?.();
    return pen as never;
  });
});
afterEach(() => {
  engine?.dispose();
  jest.useRealTimers();
});

describe('a layer', () => {
  it('is painted with the robots, the view and the scene, and nothing but itself knows it', () => {
    const map = createEngine(layerOf('speeds', { canvas: 'robots' }));
    map.show({ selectedIds: new Set(['r-1']) });
    map.setFleet(FLEET, ALL, 60);
    frames();
    const frame = painted['speeds']?.at(-1);
    expect(frame).toMatchObject({ view: VIEW, drawnRobots: 1, scene: { selectedIds: new Set(['r-1']) } });
    expect(frame?.robots.xMetres[0]).toBe(1);
  });

  it('is painted again for what it shows, and rests for all else', () => {
    const map = createEngine(layerOf('alerts', { canvas: 'plan', shows: ['alertingIds'] }));
    frames(1_000);
    const before = painted['alerts']?.length;
    map.show({ selectedIds: new Set(['r-1']), marked: 0 });
    map.setFleet(FLEET, ALL, 60);
    frames();
    expect(painted['alerts']).toHaveLength(before ?? NaN);
    map.show({ alertingIds: new Set(['r-1']) });
    frames();
    expect(painted['alerts']).toHaveLength((before ?? NaN) + 1);
  });

  it('goes along with robots while it says so', () => {
    const follows = layerOf('rings', { followsRobots: ({ marked }) => marked >= 0 });
    const map = createEngine(follows);
    frames(1_000);
    const before = painted['rings']?.length ?? NaN;
    map.requestFrame();
    frames();
    expect(painted['rings']).toHaveLength(before);
    map.show({ marked: 0 });
    frames();
    map.requestFrame();
    frames();
    expect(painted['rings']?.length).toBeGreaterThan(before + 1);
  });
});

describe('robots that glide', () => {
  /** One metre in a second, 10 px wide: it has moved half a pixel after 50 ms. */
  const glide = () => {
    const map = createEngine(layerOf('marks', { canvas: 'robots', shows: ['selectedIds'] }));
    map.setFleet(FLEET, ALL, 60);
    frames(1_000);
    map.setFleet(testFleet([{ robot_id: 'r-1', x: 2, y: 2, state: 'idle', age_seconds: 0 }], Date.now()), ALL, 60);
    frames(100);
    return map;
  };

  it('are painted when they have visibly moved, and not in each frame', () => {
    glide();
    const before = painted['marks']?.length ?? NaN;
    frames(800);
    const paints = (painted['marks']?.length ?? NaN) - before;
    expect(paints).toBeGreaterThanOrEqual(11);
    expect(paints).toBeLessThanOrEqual(17);
    frames(200);
    expect(painted['marks']?.at(-1)?.robots.xMetres[0]).toBe(2);
  });

  it('are painted at once in another view, and with another selection', () => {
    const map = glide();
    for (let k = 0; k < 5; k++) {
      map.setView({ ...VIEW, centreXMetres: k + 1 });
      frames(17);
      expect(painted['marks']?.at(-1)?.view.centreXMetres).toBe(k + 1);
    }
    frames(300);
    for (let k = 0; k < 5; k++) {
      const selectedIds = new Set([String(k)]);
      map.show({ selectedIds });
      frames(17);
      expect(painted['marks']?.at(-1)?.scene.selectedIds).toBe(selectedIds);
    }
  });
});

describe('when a layer throws', () => {
  it('the others are painted, the map says which one is missing, and it comes back with its next good frame', () => {
    let isBroken = true;
    const map = createEngine(
      layerOf('zones', { canvas: 'plan' }, () => isBroken),
      layerOf('heatmap', { canvas: 'plan' }),
      layerOf('scale')
    );
    frames();
    expect(map.failure).toBe('The map cannot paint its zones: zones broke');
    expect(painted['heatmap']?.length).toBeGreaterThan(0);
    expect(painted['scale']?.length).toBeGreaterThan(0);
    frames(5_000);
    expect(log).toHaveBeenCalledTimes(1);
    isBroken = false;
    frames(1_100);
    expect(map.failure).toBe('');
  });
});

describe('when a frame cannot be painted', () => {
  const breakDrawing = () => {
    drawImage = () => {
      throw new Error('out of memory');
    };
  };

  it('says so, and shows what is old as such, instead of standing still as if all were well', () => {
    const map = createEngine();
    const told: string[] = [];
    map.watchFrames(() => told.push(map.failure));
    breakDrawing();
    map.setFleet(FLEET, ALL, 60);
    frames();
    expect(map.failure).toBe('The map cannot be painted, its picture is out of date: out of memory');
    expect(told.at(-1)).toBe(map.failure);
  });

  it('tries again every second, not in every frame, and tells the console once', () => {
    const map = createEngine();
    let attempts = 0;
    drawImage = () => {
      attempts++;
      throw new Error('out of memory');
    };
    map.setFleet(FLEET, ALL, 60);
    frames(5_050);
    expect(attempts).toBeGreaterThan(4);
    expect(attempts).toBeLessThan(8);
    expect(log).toHaveBeenCalledTimes(1);
  });

  it('paints everything again with the next good frame', () => {
    const map = createEngine(layerOf('plan', { canvas: 'plan' }), layerOf('marks', { canvas: 'robots' }));
    breakDrawing();
    map.setFleet(FLEET, ALL, 60);
    frames();
    const before = painted['plan']?.length ?? NaN;
    drawImage = undefined;
    frames(1_100);
    expect(map.failure).toBe('');
    expect(map.shownFleet).toBe(FLEET);
    expect(painted['plan']?.length).toBeGreaterThan(before);
    expect(painted['marks']?.length).toBeGreaterThan(0);
  });
});
