import { ageNow } from '../fleet/age';
import { emptyFleet, type Fleet } from '../fleet/fleet';
import { isSameView } from '../geometry/viewport';
import type { Frame, MapLayer } from '../layers/mapLayer';
import { MapCanvas } from '../paint/mapCanvas';
import { PaintBudget } from '../paint/paintBudget';
import { drawRobots, opacities, paintingOrder, type PaintedRobots } from '../paint/paintedRobots';
import type { Palette } from '../paint/palette';
import { PixelBuffer } from '../paint/pixelBuffer';
import { buildSpriteAtlas, type SpriteAtlas } from '../paint/spriteAtlas';
import { LayerStack } from './layerStack';
import { Motion } from './motion';
import { RobotDrawing } from './robotDrawing';
import type { Pace } from './viewPace';

/** Larger fleets are copied by our own code, to whole pixels, and spread over frames. */
const FEW_ROBOTS = 1_500;
/** Time in each frame for copying the robots of a large fleet: most of a frame when nothing else moves. */
const DRAWING_BUDGET_MS = { moving: 7, atRest: 14 };

/** Opacity of the canvas while its answer is older than the age at which a robot counts as silent: robots may be elsewhere. */
const STALE_OPACITY = '0.5';

/** The canvas of the robots: where they are at this moment, with the layers that belong to them. */
export class RobotCanvas {
  readonly canvas: MapCanvas;
  readonly layers: LayerStack;
  readonly #motion = new Motion();
  readonly #budget = new PaintBudget(0);
  readonly #atlases = new Map<number, SpriteAtlas>();
  readonly #pixels = new PixelBuffer();
  #fleet = emptyFleet(0);
  #painted: PaintedRobots;
  #drawing: RobotDrawing | null = null;
  /** What is being drawn is no longer true either. */
  #isOutdated = false;
  /** A drawing was given up for newer robots: the next one is finished, or a slow machine would show nothing. */
  #wasGivenUp = false;
  #drawingMs = 0;
  #isGliding = false;
  /** When the poses that are painted were computed. */
  #steppedMs = -Infinity;
  #shownFleet: Fleet | null = null;
  #silentAfterSeconds = 0;

  constructor(parent: HTMLElement, layers: readonly MapLayer[]) {
    this.canvas = new MapCanvas(parent, 'robots');
    this.layers = new LayerStack(layers, 'robots');
    this.#painted = this.#collectPainted(new Uint8Array(0), 0);
  }

  /** The robots with the poses as painted now, for hit tests. */
  get painted(): PaintedRobots {
    return this.#painted;
  }

  /** The fleet that can be seen: a large one takes some frames to appear. */
  get shownFleet(): Fleet | null {
    return this.#shownFleet;
  }

  setFleet(fleet: Fleet, isShown: Uint8Array, silentAfterSeconds: number): void {
    if (fleet !== this.#fleet) this.#motion.update(fleet, performance.now(), silentAfterSeconds, !wantsStillness());
    this.#fleet = fleet;
    this.#silentAfterSeconds = silentAfterSeconds;
    this.#painted = this.#collectPainted(isShown, silentAfterSeconds);
    this.expire();
    if (!this.#drawing || this.#wasGivenUp) return;
    this.#drawing = null;
    this.#wasGivenUp = true;
  }

  /** What the canvas shows is no longer true. */
  expire(): void {
    this.#budget.expire();
    this.#isOutdated = true;
  }

  /** Other colours: every marker is drawn again. */
  dropMarkers(): void {
    this.#atlases.clear();
    this.#drawing = null;
    this.expire();
  }

  /** True while a drawing is not finished: then other canvases should leave it the frame's time. */
  get isDrawing(): boolean {
    return this.#drawing !== null;
  }

  /** True while robots are under way: gliding, being drawn, or moved with their canvas until it is painted again. */
  paint(frame: Frame, { nowMs, isMoving }: Pace): boolean {
    const { view, ratio } = frame;
    const isStale = ageNow(0, this.#fleet.readAtMs, Date.now()) > this.#silentAfterSeconds;
    this.canvas.canvas.style.opacity = isStale ? STALE_OPACITY : '';
    const hasOtherRatio = this.canvas.ratio !== ratio;
    if (this.#drawing && this.#drawing.ratio !== ratio) this.#drawing = null;
    const mayWait = !this.#budget.isDue(nowMs) || (!isMoving && this.#isStill(frame, nowMs));
    if (!this.#drawing && !hasOtherRatio && mayWait) {
      this.canvas.shiftTo(view);
      return true;
    }
    const began = performance.now();
    if (!this.#drawing) {
      this.#isOutdated = false;
      this.#isGliding = this.#motion.step(nowMs);
      this.#steppedMs = nowMs;
    }
    const isFinished =
      this.#drawing || this.#fleet.count > FEW_ROBOTS
        ? this.#paintMany(frame, isMoving ? DRAWING_BUDGET_MS.moving : DRAWING_BUDGET_MS.atRest)
        : this.#paintFew(frame);
    const ended = performance.now();
    this.#drawingMs += ended - began;
    if (!isFinished) return true;
    this.#budget.note(ended - this.#drawingMs, ended);
    this.#drawingMs = 0;
    if (this.#isOutdated) this.#budget.expire();
    return this.#isGliding || this.#isOutdated;
  }

  /** Whether no gliding robot has visibly moved since it was painted: most floors are so large that frames would all look the same. */
  #isStill({ view, ratio, markerPx }: Frame, nowMs: number): boolean {
    const { drawnFor } = this.canvas;
    if (this.#isOutdated || !this.#isGliding || !drawnFor || !isSameView(drawnFor, view)) return false;
    return nowMs - this.#steppedMs < this.#motion.stillMs(view.pxPerMetre * ratio, markerPx * ratio);
  }

  /** Gives up the painting that is under way. */
  giveUp(): void {
    this.#drawing = null;
    this.#drawingMs = 0;
    this.canvas.expectFreshPen();
    this.expire();
  }

  #paintFew(frame: Frame): true {
    const { view, ratio, scene, markerPx } = frame;
    const robots = this.#painted;
    const pen = this.canvas.begin(view, ratio);
    if (pen) {
      const drawnRobots = drawRobots(pen, view, robots, this.#atlas(markerPx * ratio, scene.palette), ratio);
      pen.setTransform(ratio, 0, 0, ratio, 0, 0);
      this.layers.paint(pen, { ...frame, robots, drawnRobots });
    }
    this.#shownFleet = robots.fleet;
    return true;
  }

  /** True once all robots are on the canvas; until then the last drawing stays. */
  #paintMany(frame: Frame, budgetMs: number): boolean {
    const { view, ratio, scene, markerPx } = frame;
    const atlas = this.#atlas(markerPx * ratio, scene.palette);
    this.#drawing ??= new RobotDrawing(view, ratio, this.#painted, atlas, this.#pixels);
    const drawing = this.#drawing;
    const isFinished = !drawing.proceed(budgetMs);
    if (isFinished) {
      this.#drawing = null;
      this.#wasGivenUp = false;
      const pen = this.canvas.begin(drawing.view, ratio);
      if (pen) {
        this.#pixels.putOn(pen);
        const { view: drawnView, robots, drawn: drawnRobots } = drawing;
        this.layers.paint(pen, { ...frame, view: drawnView, robots, drawnRobots });
      }
      this.#shownFleet = drawing.robots.fleet;
    }
    // The view goes on while a drawing is made.
    this.canvas.shiftTo(view);
    return isFinished;
  }

  #atlas(markerDevicePx: number, palette: Palette): SpriteAtlas {
    const kept = this.#atlases.get(markerDevicePx);
    if (kept) return kept;
    const atlas = buildSpriteAtlas(palette, markerDevicePx);
    this.#atlases.set(markerDevicePx, atlas);
    return atlas;
  }

  #collectPainted(isShown: Uint8Array, silentAfterSeconds: number): PaintedRobots {
    return {
      fleet: this.#fleet,
      xMetres: this.#motion.xMetres,
      yMetres: this.#motion.yMetres,
      headingRadians: this.#motion.headingRadians,
      isShown,
      order: paintingOrder(this.#fleet.statuses),
      opacity: opacities(this.#fleet, silentAfterSeconds),
    };
  }
}

/** Whether the viewer has asked the system for less motion. */
function wantsStillness(): boolean {
  return window.matchMedia?.('(prefers-reduced-motion: reduce)').matches ?? false;
}
