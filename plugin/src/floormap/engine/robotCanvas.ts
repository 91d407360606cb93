import { ageNow } from '../fleet/age';
import { emptyFleet, type Fleet } from '../fleet/fleet';
import { Motion } from './motion';
import type { Viewport } from '../geometry/viewport';
import { CanvasLayer } from '../paint/mapCanvas';
import { drawHalos } from '../layers/alertHalosLayer';
import { PaintBudget } from '../paint/paintBudget';
import type { Palette } from '../paint/palette';
import { PixelSheet } from '../paint/pixelBuffer';
import { RobotDrawing } from './robotDrawing';
import { drawDetails, drawLabels } from '../layers/robotMarksLayer';
import { drawRobots, opacities, paintingOrder, type PaintedRobots } from '../paint/paintedRobots';
import { buildSpriteAtlas, type SpriteAtlas } from '../paint/spriteAtlas';
import type { Pace } from './viewPace';
import { drawShapeNames, namesToDraw, type Surroundings } from '../layers/shapeNames';
import type { DrawableShape } from '../layers/zonesLayer';

/** Larger fleets are copied by our own code, to whole pixels, and spread over frames. */
const FEW_ROBOTS = 1_500;
/** Time in each frame for copying the robots of a large fleet: most of a frame when nothing else moves. */
const DRAWING_BUDGET_MS = { moving: 7, atRest: 14 };

/** How a sheet looks whose answer is older than the age at which a robot counts as silent: nobody knows them to be there. */
const STALE_OPACITY = '0.5';

/** Up to as many selected robots, their names come before those of zones. */
const FEW_SELECTED = 5;

type ZoneMemory = Pick<Surroundings, 'lastPlaces'>;

/** What stands around the robots and comes from elsewhere. */
export interface RobotScene {
  palette: Palette;
  markerPx: number;
  shapes: readonly DrawableShape[];
  /** Robots in each shape, by its index. */
  robotsInShapes: Uint32Array;
  /** Robots that an alert fires for. */
  haloed: ReadonlySet<string>;
  selected: ReadonlySet<string>;
}

/** The sheet of the robots: where they are at this moment, with all that is written beside them. */
export class RobotSheet {
  readonly layer: CanvasLayer;
  readonly #motion = new Motion();
  readonly #budget = new PaintBudget(0);
  readonly #atlases = new Map<number, SpriteAtlas>();
  readonly #pixels = new PixelSheet();
  readonly #namePlaces: Surroundings['lastPlaces'] = new WeakMap();
  #fleet = emptyFleet(0);
  #painted: PaintedRobots;
  #drawing: RobotDrawing | null = null;
  /** What is being drawn is no longer true either. */
  #isOutdated = false;
  /** A drawing was given up for newer robots: the next one is finished, or a slow machine would show nothing. */
  #wasGivenUp = false;
  #drawingMs = 0;
  #isGliding = false;
  #shownFleet: Fleet | null = null;
  #silentAfterSeconds = 0;

  constructor(parent: HTMLElement) {
    this.layer = new CanvasLayer(parent, 'robots');
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

  /** What the sheet shows is no longer true. */
  expire(): void {
    this.#budget.expire();
    this.#isOutdated = true;
  }

  /** Other colours: every marker is drawn anew. */
  dropMarkers(): void {
    this.#atlases.clear();
    this.#drawing = null;
    this.expire();
  }

  /** True while a drawing is not finished: then other sheets should leave it the frame's time. */
  get isDrawing(): boolean {
    return this.#drawing !== null;
  }

  /** True while robots are under way: gliding, being drawn, or moved with their sheet until it is painted again. */
  paint(view: Viewport, { nowMs, isMoving, ratio }: Pace, scene: RobotScene): boolean {
    const isStale = ageNow(0, this.#fleet.readAtMs, Date.now()) > this.#silentAfterSeconds;
    this.layer.canvas.style.opacity = isStale ? STALE_OPACITY : '';
    const hasOtherRatio = this.layer.ratio !== ratio;
    if (this.#drawing && this.#drawing.ratio !== ratio) this.#drawing = null;
    if (!this.#drawing && !hasOtherRatio && !this.#budget.isDue(nowMs)) {
      this.layer.shiftTo(view);
      return true;
    }
    const began = performance.now();
    if (!this.#drawing) {
      this.#isOutdated = false;
      this.#isGliding = this.#motion.step(nowMs);
    }
    const isFinished =
      this.#drawing || this.#fleet.count > FEW_ROBOTS
        ? this.#paintMany(view, ratio, scene, isMoving ? DRAWING_BUDGET_MS.moving : DRAWING_BUDGET_MS.atRest)
        : this.#paintFew(view, ratio, scene);
    const ended = performance.now();
    this.#drawingMs += ended - began;
    if (!isFinished) return true;
    this.#budget.note(ended - this.#drawingMs, ended);
    this.#drawingMs = 0;
    if (this.#isOutdated) this.#budget.expire();
    return this.#isGliding || this.#isOutdated;
  }

  #paintFew(view: Viewport, ratio: number, scene: RobotScene): true {
    const robots = this.#painted;
    const pen = this.layer.begin(view, ratio);
    if (pen) {
      const drawn = drawRobots(pen, view, robots, this.#atlas(scene.markerPx * ratio, scene.palette), ratio);
      pen.setTransform(ratio, 0, 0, ratio, 0, 0);
      paintBeside(pen, view, robots, { ...scene, lastPlaces: this.#namePlaces }, drawn);
    }
    this.#shownFleet = robots.fleet;
    return true;
  }

  /** True once all robots are on the sheet; until then the last drawing stays. */
  #paintMany(view: Viewport, ratio: number, scene: RobotScene, budgetMs: number): boolean {
    const atlas = this.#atlas(scene.markerPx * ratio, scene.palette);
    this.#drawing ??= new RobotDrawing(view, ratio, this.#painted, atlas, this.#pixels);
    const drawing = this.#drawing;
    const isFinished = !drawing.proceed(budgetMs);
    if (isFinished) {
      this.#drawing = null;
      this.#wasGivenUp = false;
      const pen = this.layer.begin(drawing.view, ratio);
      if (pen) {
        this.#pixels.putOn(pen);
        const beside = { ...scene, lastPlaces: this.#namePlaces };
        paintBeside(pen, drawing.view, drawing.robots, beside, drawing.drawn);
      }
      this.#shownFleet = drawing.robots.fleet;
    }
    // The view goes on while a drawing is made.
    this.layer.shiftTo(view);
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

/** What is written and drawn around the markers. The pen is in CSS pixels. */
function paintBeside(
  pen: CanvasRenderingContext2D,
  view: Viewport,
  robots: PaintedRobots,
  { palette, markerPx, shapes, robotsInShapes, haloed, selected, lastPlaces }: RobotScene & ZoneMemory,
  drawn: number
): void {
  drawHalos(pen, view, robots, palette, { robotIds: haloed, markerPx });
  const context = { pen, view, robots, palette, markerPx, nowMs: Date.now(), selected };
  const beside = drawDetails(context, drawn);
  // A robot that somebody has picked is read before its zone; a whole crowd of them is not.
  const labels = selected.size <= FEW_SELECTED ? beside.labels.filter(({ priority }) => priority < 0) : [];
  const surroundings = { labels, markers: beside.markers, markerPx, lastPlaces };
  const names = namesToDraw(view, shapes, robotsInShapes, palette, surroundings);
  drawShapeNames(pen, names, palette);
  drawLabels(context, beside, names);
}
