/** Copies in one trial: enough to outweigh the clock's steps, few enough to take some milliseconds. */
const COPIES = 2_000;
const TARGET_PX = 512;
/** The fastest of several trials counts: the first one compiles code, and another program may take the processor. */
const TRIALS = 3;
const SPRITE_PX = 12;
/** How much faster the browser's default must be: a near tie goes to main memory, whose timing is the steadier one. */
const CLEARLY = 2;

let choice: CanvasRenderingContext2DSettings | null = null;

/**
 * The canvas settings that paint thousands of small copies fastest on this machine, measured once per page.
 * Without a GPU, raster in main memory (`willReadFrequently`) is three to four times as fast as the default; with one,
 * the default may win, and no property of the browser says which.
 */
export function rasterSettings(): CanvasRenderingContext2DSettings {
  choice ??= { willReadFrequently: measureMainMemory() };
  return choice;
}

function measureMainMemory(): boolean {
  // Alternating, so that a busy moment slows both ways.
  const trials = Array.from({ length: TRIALS }, () => [timeCopies(true), timeCopies(false)] as const);
  return chooseMainMemory(
    Math.min(...trials.map(([mainMemoryMs]) => mainMemoryMs)),
    Math.min(...trials.map(([, defaultMs]) => defaultMs))
  );
}

/** Whether to paint in main memory, by the times of both ways in milliseconds; NaN is a way that cannot be timed. */
export function chooseMainMemory(mainMemoryMs: number, defaultMs: number): boolean {
  return !(defaultMs * CLEARLY < mainMemoryMs);
}

function timeCopies(willReadFrequently: boolean): number {
  const [sprite, target] = [canvasOf(SPRITE_PX), canvasOf(TARGET_PX)];
  const from = sprite.getContext('2d', { willReadFrequently });
  const to = target.getContext('2d', { willReadFrequently });
  if (!from || !to) return NaN;
  from.fillRect(0, 0, SPRITE_PX, SPRITE_PX);
  const started = performance.now();
  try {
    for (let k = 0; k < COPIES; k++) to.drawImage(sprite, (k * 37) % TARGET_PX, (k * 91) % TARGET_PX);
    // Drawing is only recorded until a pixel is asked for.
    to.getImageData(0, 0, 1, 1);
  } catch {
    return NaN; // The map says so when it paints.
  }
  return performance.now() - started;
}

function canvasOf(sidePx: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = sidePx;
  return canvas;
}
