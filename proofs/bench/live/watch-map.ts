import type { Page } from '@playwright/test';
import type { Place } from './fleet.ts';

interface Watched extends Place {
  seen: (atMs: number) => void;
}

interface Watcher {
  floorwatchAwaitRobotAt?: (place: Place) => Promise<number>;
}

/** @returns when a pixel of the map first showed a robot there, milliseconds since the epoch */
export function robotShownAt(page: Page, place: Place): Promise<number> {
  return page.evaluate((awaited) => {
    const await_ = (globalThis as Watcher).floorwatchAwaitRobotAt;
    if (!await_) throw new Error('The page does not watch its map.');
    return await_(awaited);
  }, place);
}

/**
 * Runs in the page: looks at the pixels of the robots' canvas where robots are expected, 20 times per second. After each frame, this took
 * half of the page's JavaScript.
 */
export function watchMap(): void {
  const OPAQUE = 200;
  const HALF_PX = 2;
  const EVERY_MS = 50;
  let watched: Watched[] = [];
  const look = (): void => {
    const map = document.querySelector<HTMLElement>('[data-testid="floormap-canvas"]');
    const canvas = map?.querySelector<HTMLCanvasElement>('canvas[data-layer="robots"]');
    const pen = canvas?.getContext('2d');
    const [centreX = NaN, centreY = NaN, pxPerMetre = NaN] = (map?.dataset['view'] ?? '').split(',').map(Number);
    if (!canvas || !pen || watched.length === 0 || Number.isNaN(pxPerMetre)) return;
    const ratio = canvas.width / canvas.clientWidth;
    watched = watched.filter(({ xMetres, yMetres, seen }) => {
      const x = canvas.width / 2 + (xMetres - centreX) * pxPerMetre * ratio;
      const y = canvas.height / 2 - (yMetres - centreY) * pxPerMetre * ratio;
      const size = 2 * HALF_PX + 1;
      const { data } = pen.getImageData(Math.round(x) - HALF_PX, Math.round(y) - HALF_PX, size, size);
      const isShown = data.some((value, k) => k % 4 === 3 && value > OPAQUE);
      if (isShown) seen(Date.now());
      return !isShown;
    });
  };
  (globalThis as Watcher).floorwatchAwaitRobotAt = (place) =>
    new Promise((seen) => {
      watched.push({ ...place, seen });
    });
  setInterval(look, EVERY_MS);
}
