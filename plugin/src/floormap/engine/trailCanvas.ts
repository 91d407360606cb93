import { TRAIL_BANDS, type TrailHistory } from './trailHistory';
import { toScreen, type Viewport } from '../geometry/viewport';
import { CanvasLayer } from '../paint/mapCanvas';
import type { Palette } from '../paint/palette';
import type { PaintedRobots } from '../paint/paintedRobots';

/** Opacity of a trail from its newest to its oldest part. */
const BAND_OPACITY = [0.45, 0.3, 0.18, 0.09] as const;
/** Robots drawn between two looks at the clock. */
const CHUNK_ROBOTS = 40;
/** A trail whose robot is farther off screen than this has no part on it. */
const REACH_METRES = 150;

interface TrailDrawing {
  pen: CanvasRenderingContext2D;
  view: Viewport;
  robots: PaintedRobots;
  history: TrailHistory;
  palette: Palette;
  /** Position in the painting order from which to go on. */
  next: number;
}

/**
 * Trails are many lines and change once an update, so they are drawn on a sheet of their own, a few milliseconds in each
 * frame, and shown when finished; until then the last sheet is moved by CSS.
 */
export class TrailLayer {
  #shown: CanvasLayer;
  #hidden: CanvasLayer;
  #drawing: TrailDrawing | null = null;

  constructor(host: HTMLElement) {
    this.#shown = new CanvasLayer(host, 'trails');
    this.#hidden = new CanvasLayer(host, 'trails-next');
    this.#hidden.canvas.style.visibility = 'hidden';
  }

  /** The finished drawing. */
  get sheet(): CanvasLayer {
    return this.#shown;
  }

  shiftTo(view: Viewport): void {
    this.#shown.shiftTo(view);
  }

  /** Begins a new drawing and drops an unfinished one. */
  start(view: Viewport, ratio: number, robots: PaintedRobots, history: TrailHistory, palette: Palette): void {
    const pen = this.#hidden.begin(view, ratio);
    this.#drawing = pen ? { pen, view, robots, history, palette, next: 0 } : null;
    if (pen) Object.assign(pen, { lineWidth: 1.5, lineJoin: 'round' });
  }

  /** Draws on until `budgetMs` is used up; true while the drawing is not finished. */
  proceed(budgetMs: number): boolean {
    const drawing = this.#drawing;
    if (!drawing) return false;
    const deadline = performance.now() + budgetMs;
    while (drawing.next < drawing.robots.order.length) {
      drawChunk(drawing);
      if (performance.now() > deadline) return true;
    }
    this.#drawing = null;
    [this.#shown, this.#hidden] = [this.#hidden, this.#shown];
    this.#shown.canvas.style.visibility = 'visible';
    this.#hidden.canvas.style.visibility = 'hidden';
    return false;
  }
}

/** Strokes the trails of the next robots that share a status: one path a band. */
function drawChunk(drawing: TrailDrawing): void {
  const { pen, view, robots, history, palette } = drawing;
  const first = robots.order[drawing.next] ?? 0;
  const status = robots.fleet.statuses[first] ?? 0;
  const origin = toScreen(view, { xMetres: 0, yMetres: 0 });
  const scale = view.pxPerMetre;
  const bands = Array.from({ length: TRAIL_BANDS }, () => new Path2D());
  const end = Math.min(drawing.next + CHUNK_ROBOTS, robots.order.length);
  for (; drawing.next < end; drawing.next++) {
    const robot = robots.order[drawing.next] ?? 0;
    if (robots.fleet.statuses[robot] !== status) break;
    if (robots.isShown[robot] === 0 || !isNear(view, robots, robot)) continue;
    history.walk(robot, 2 / scale, (fromX, fromY, toX, toY, age) => {
      const band = bands[Math.floor(age * TRAIL_BANDS)];
      band?.moveTo(origin.xPx + fromX * scale, origin.yPx - fromY * scale);
      band?.lineTo(origin.xPx + toX * scale, origin.yPx - toY * scale);
    });
  }
  pen.strokeStyle = palette.statusFill[status] ?? '';
  bands.forEach((band, age) => {
    pen.globalAlpha = BAND_OPACITY[age] ?? 0;
    pen.stroke(band);
  });
  pen.globalAlpha = 1;
}

function isNear(view: Viewport, { fleet }: PaintedRobots, robot: number): boolean {
  const reachX = view.widthPx / 2 / view.pxPerMetre + REACH_METRES;
  const reachY = view.heightPx / 2 / view.pxPerMetre + REACH_METRES;
  return (
    Math.abs((fleet.xMetres[robot] ?? NaN) - view.centreXMetres) < reachX &&
    Math.abs((fleet.yMetres[robot] ?? NaN) - view.centreYMetres) < reachY
  );
}
