import type { DataFrame } from '@grafana/data';
import type { Fleet } from '../../../../plugin/src/floormap/fleet/fleet';
import { readFleet } from '../../../../plugin/src/floormap/fleet/readFleet';
import { placeFleet } from '../../../../plugin/src/floormap/fleet/placement';
import { fitBounds, panBy, zoomAt } from '../../../../plugin/src/floormap/geometry/viewport';
import { MapEngine } from '../../../../plugin/src/floormap/engine/mapEngine';
import { rasterSettings } from '../../../../plugin/src/floormap/paint/raster';
import type { Figures, Scenario } from '../scenario.ts';
import { BENCH_PALETTE, benchHeat, benchPlan } from './scenery';
import { HALL, SyntheticFleet } from './syntheticFleet';

/** The data path of the panel from a query response to a painted frame, driven as a user and a refresh drive it. */

const SILENT_AFTER_SECONDS = 60;
const REFRESH_MS = 1_000;

interface Map {
  engine: MapEngine;
  host: HTMLElement;
  /** The next response of the query, as the panel gets it from the data source. */
  nextAnswer: () => DataFrame;
  /** Shows a response, as the panel does. */
  take: (answer: DataFrame) => Fleet;
}

function createMap(scenario: Omit<Scenario, 'seconds'>): Map {
  const host = document.createElement('div');
  Object.assign(host.style, { position: 'relative', overflow: 'hidden', contain: 'strict' });
  host.style.width = `${scenario.width}px`;
  host.style.height = `${scenario.height}px`;
  document.body.append(host);
  const bounds = { minX: 0, minY: 0, maxX: HALL.widthMetres, maxY: HALL.heightMetres };
  const engine = new MapEngine(host, fitBounds(scenario.width, scenario.height, bounds), BENCH_PALETTE);
  engine.show({ plan: benchPlan(), heat: scenario.hasHeat ? [benchHeat()] : [] });
  engine.setTrailLength(scenario.trailPoints);
  const synthetic = new SyntheticFleet(scenario.robots);
  const nextAnswer = () => synthetic.nextFrame();
  const take = (answer: DataFrame) => {
    const options = { mapping: {}, silentAfterSeconds: SILENT_AFTER_SECONDS, headingInDegrees: false };
    const { fleet } = readFleet([answer], { ...options, nowMs: Date.now() });
    engine.setFleet(fleet, placeFleet(fleet, null).isPlaced, SILENT_AFTER_SECONDS);
    return fleet;
  };
  for (let k = 0; k <= scenario.trailPoints; k++) take(nextAnswer());
  return { engine, host, nextAnswer, take };
}

function percentile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

const nextAnimationFrame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Time from the arrival of a response to the frame that shows it, milliseconds. */
async function measureUpdate(map: Map): Promise<number> {
  const answer = map.nextAnswer();
  const started = performance.now();
  const fleet = map.take(answer);
  await new Promise<void>((resolve) => {
    const stop = map.engine.watchFrames(() => {
      if (map.engine.shownFleet !== fleet) return;
      stop();
      resolve();
    });
  });
  return performance.now() - started;
}

function heapMb(): number {
  const { memory } = performance as unknown as { memory?: { usedJSHeapSize: number } };
  return (memory?.usedJSHeapSize ?? NaN) / 1e6;
}

/** Pans and zooms continuously while a response arrives once per second, and measures every frame. */
export async function runScenario(scenario: Scenario): Promise<Figures> {
  const map = createMap(scenario);
  await sleep(1_500);
  const middle = { xPx: scenario.width / 2, yPx: scenario.height / 2 };
  const frames: number[] = [];
  const updates: number[] = [];
  let [last, refreshed] = [await nextAnimationFrame(), performance.now()];
  const end = last + scenario.seconds * 1_000;
  while (last < end) {
    const phase = (last / 1_000) * 2;
    const panned = panBy(map.engine.view, 6 * Math.cos(phase), 4 * Math.sin(phase));
    map.engine.setView(zoomAt(panned, Math.sin(phase / 3) > 0 ? 1.004 : 1 / 1.004, middle));
    if (performance.now() - refreshed > REFRESH_MS) {
      refreshed = performance.now();
      void measureUpdate(map).then((ms) => updates.push(ms));
    }
    const now = await nextAnimationFrame();
    frames.push(now - last);
    last = now;
  }
  const figures = {
    fps_median: 1_000 / percentile(frames, 0.5),
    frame_ms_p95: percentile(frames, 0.95),
    update_ms_p95: percentile(updates, 0.95),
    heap_mb: heapMb(),
    raster: rasterSettings().willReadFrequently ? ('main memory' as const) : ('default' as const),
  };
  map.engine.dispose();
  map.host.remove();
  return figures;
}

/** Refreshes without moving and counts frames without the plan or the robots, which a viewer sees as flicker. */
export async function countBlankFrames(robots: number, refreshes: number): Promise<number> {
  const map = createMap({ robots, trailPoints: 12, hasHeat: false, width: 960, height: 540 });
  await sleep(500);
  const canvases = ['plan', 'robots'].map((layer) =>
    map.host.querySelector<HTMLCanvasElement>(`canvas[data-layer="${layer}"]`)
  );
  let blank = 0;
  for (let k = 0; k < refreshes; k++) {
    map.take(map.nextAnswer());
    for (let frame = 0; frame < 3; frame++) {
      await nextAnimationFrame();
      if (canvases.some((canvas) => !isPainted(canvas))) blank++;
    }
  }
  map.engine.dispose();
  map.host.remove();
  return blank;
}

function isPainted(canvas: HTMLCanvasElement | null): boolean {
  const pixels = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data;
  return pixels?.some((channel) => channel !== 0) ?? false;
}

/** Refreshes once per second and returns the heap after garbage collection, in MB, at each of the given times. */
export async function watchHeap(robots: number, seconds: readonly number[]): Promise<number[]> {
  const map = createMap({ robots, trailPoints: 60, hasHeat: false, width: 960, height: 540 });
  const collect = (globalThis as unknown as { gc?: () => void }).gc;
  const heaps: number[] = [];
  for (let second = 1; second <= Math.max(...seconds); second++) {
    map.take(map.nextAnswer());
    await sleep(REFRESH_MS);
    if (!seconds.includes(second)) continue;
    collect?.();
    heaps.push(heapMb());
  }
  map.engine.dispose();
  map.host.remove();
  return heaps;
}

/** Runs several panels on one page, each refreshing once per second. @returns the frames that each painted */
export async function runManyPanels(panels: number, robots: number, seconds: number): Promise<number[]> {
  const maps = Array.from({ length: panels }, () =>
    createMap({ robots, trailPoints: 12, hasHeat: false, width: 380, height: 240 })
  );
  const painted = maps.map(() => 0);
  const stops = maps.map((map, k) => map.engine.watchFrames(() => (painted[k] = (painted[k] ?? 0) + 1)));
  for (let second = 0; second < seconds; second++) {
    for (const map of maps) map.take(map.nextAnswer());
    await sleep(REFRESH_MS);
  }
  stops.forEach((stop) => stop());
  for (const map of maps) {
    map.engine.dispose();
    map.host.remove();
  }
  return painted;
}

Object.assign(globalThis, { bench: { runScenario, countBlankFrames, watchHeap, runManyPanels } });
