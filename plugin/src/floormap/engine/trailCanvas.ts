import type { Fleet } from '../fleet/fleet';
import { toScreen, type Viewport } from '../geometry/viewport';
import type { Frame } from '../layers/mapLayer';
import { MapCanvas } from '../paint/mapCanvas';
import type { PaintedRobots } from '../paint/paintedRobots';
import { TRAIL_BANDS, TrailHistory } from './trailHistory';

/** Opacity of a trail from its newest to its oldest part. */
const BAND_OPACITY = [0.45, 0.3, 0.18, 0.09] as const;
/** Robots drawn between two looks at the clock. */
const CHUNK_ROBOTS = 40;
/** A trail whose robot is farther off screen than this has no part on it. */
const REACH_METRES = 150;

interface TrailDrawing {
  pen: CanvasRenderingContext2D;
  frame: Frame;
  history: TrailHistory;
  /** Position in the painting order from which to go on. */
  next: number;
}

/**
 * Trails are many lines and change once per update, so they are drawn on a canvas of their own, a few milliseconds in each
 * frame, and shown when finished; until then the last one is moved by CSS.
 */
export class TrailCanvas {
  #shown: MapCanvas;
  #hidden: MapCanvas;
  #drawing: TrailDrawing | null = null;
  #history = new TrailHistory(0);
  #isStale = false;

  constructor(host: HTMLElement) {
    this.#shown = new MapCanvas(host, 'trails');
    this.#hidden = new MapCanvas(host, 'trails-next');
    this.#hidden.canvas.style.visibility = 'hidden';
  }

  /** The one with the finished drawing. */
  get canvas(): MapCanvas {
    return this.#shown;
  }

  /** How many past places each robot's trail has; 0 for no trails. */
  setLength(points: number): void {
    if (points === this.#history.length) return;
    this.#history = new TrailHistory(points);
    this.expire();
  }

  /** Adds the places of another fleet to the trails. */
  add(fleet: Fleet): void {
    if (this.#history.length > 0) this.#history.add(fleet);
  }

  expire(): void {
    this.#isStale = true;
  }

  /** Gives up the drawing that is under way. */
  giveUp(): void {
    this.#drawing = null;
    this.#hidden.expectFreshPen();
    this.expire();
  }

  /**
   * Draws on until `budgetMs` is used up.
   * @param hasComeToRest a view at rest gets trails of its own; on the way they are moved
   * @returns true while the drawing is not finished
   */
  paint(frame: Frame, { hasComeToRest, budgetMs }: { hasComeToRest: boolean; budgetMs: number }): boolean {
    this.#shown.shiftTo(frame.view);
    if (this.#isStale || hasComeToRest) this.#start(frame);
    this.#isStale = false;
    const isUnfinished = this.#proceed(budgetMs);
    this.#shown.shiftTo(frame.view);
    return isUnfinished;
  }

  /** Begins a new drawing and drops an unfinished one. */
  #start(frame: Frame): void {
    const pen = this.#hidden.begin(frame.view, frame.ratio);
    const next = this.#history.length > 0 ? 0 : frame.robots.order.length;
    this.#drawing = pen ? { pen, frame, history: this.#history, next } : null;
    if (pen) Object.assign(pen, { lineWidth: 1.5, lineJoin: 'round' });
  }

  #proceed(budgetMs: number): boolean {
    const drawing = this.#drawing;
    if (!drawing) return false;
    const deadline = performance.now() + budgetMs;
    while (drawing.next < drawing.frame.robots.order.length) {
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
  const { pen, history } = drawing;
  const { view, robots, scene } = drawing.frame;
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
  pen.strokeStyle = scene.palette.statusFill[status] ?? '';
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
