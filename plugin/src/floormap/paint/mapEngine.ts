import { emptyFleet, type Fleet } from '../fleet/fleet';
import type { MapShape } from '@floorwatch/ingestor/plans/map-shape';
import { markerSizePx } from '../geometry/markerSize';
import { Motion } from '../geometry/motion';
import { TrailHistory } from '../geometry/trailHistory';
import { isSameView, type Viewport } from '../geometry/viewport';
import { CanvasLayer } from './canvasLayer';
import { drawHalos } from './halos';
import { Halvings } from './halvings';
import { MovingSheet } from './movingSheet';
import { drawRings, drawScaleBar } from './overlayLayer';
import { PaintBudget } from './paintBudget';
import type { Palette } from './palette';
import { drawPlan, type DrawablePlan } from './planLayer';
import { ResolutionGovernor } from './resolutionGovernor';
import { drawDetails } from './robotDetails';
import { drawRobots, opacities, paintingOrder, type PaintedRobots } from './robotLayer';
import { drawSketch, type Sketch } from './sketch';
import { buildSpriteAtlas, type SpriteAtlas } from './spriteAtlas';
import { TrailLayer } from './trailLayer';
import { drawShapeNames, drawShapes, prepareShapes, type DrawableShape } from './zoneLayer';

/** The view rests when it has not changed for this long: then everything is redrawn sharp. */
const REST_AFTER_MS = 140;
/** While the view moves, the plan is moved by CSS and redrawn no more often than this. */
const PLAN_REDRAW_MS = 120;
/** Time in each frame for drawing trails. */
const TRAIL_BUDGET_MS = 4;
/** Ages on the map are counted in seconds. */
const AGE_REDRAW_MS = 1_000;

/**
 * Draws the map: sheets for plan, robots and interaction over one another, each redrawn only when it must be.
 * Knows nothing of React or of Grafana, so that the benchmark runs exactly this code.
 */
export class MapEngine {
  readonly #stack = document.createElement('div');
  readonly #plan: CanvasLayer;
  readonly #trails: TrailLayer;
  readonly #robots: CanvasLayer;
  readonly #overlay: CanvasLayer;
  readonly #moving: MovingSheet;
  readonly #motion = new Motion();
  readonly #governor = new ResolutionGovernor();
  readonly #atlases = new Map<number, SpriteAtlas>();
  #view: Viewport;
  #palette: Palette;
  #fleet: Fleet = emptyFleet(0);
  #painted: PaintedRobots;
  #drawablePlan: DrawablePlan | null = null;
  #planLevels: Halvings | null = null;
  #shapes: readonly DrawableShape[] = [];
  #robotsInShapes: Uint32Array = new Uint32Array(0);
  #hovered = -1;
  #selected: ReadonlySet<string> = new Set();
  #haloed: ReadonlySet<string> = new Set();
  #sketch: Sketch | null = null;
  #frameRequest = 0;
  #lastFrameMs = 0;
  #viewMovedMs = -Infinity;
  readonly #planBudget = new PaintBudget(PLAN_REDRAW_MS);
  readonly #robotsBudget = new PaintBudget(0);
  #isPlanStale = true;
  #history = new TrailHistory(0);
  #areTrailsStale = false;
  #isSharp = false;
  #wasMoving = false;
  #ageTimer = 0;

  readonly #watchers = new Set<(view: Viewport) => void>();

  constructor(host: HTMLElement, view: Viewport, palette: Palette) {
    this.#view = view;
    this.#palette = palette;
    host.append(this.#stack);
    this.#plan = new CanvasLayer(this.#stack, 'plan');
    this.#trails = new TrailLayer(this.#stack);
    this.#robots = new CanvasLayer(this.#stack, 'robots');
    this.#overlay = new CanvasLayer(this.#stack, 'overlay');
    this.#moving = new MovingSheet(host, this.#stack);
    this.#painted = this.#collectPainted(new Uint8Array(0), 0);
    this.#ageTimer = window.setInterval(() => this.requestFrame(), AGE_REDRAW_MS);
    this.requestFrame();
  }

  dispose(): void {
    cancelAnimationFrame(this.#frameRequest);
    clearInterval(this.#ageTimer);
    this.#stack.remove();
    this.#moving.dispose();
  }

  get view(): Viewport {
    return this.#view;
  }

  /** The robots with the poses as painted now, for hit tests. */
  get painted(): PaintedRobots {
    return this.#painted;
  }

  /** Marker diameter in CSS pixels at the present scale. */
  get markerPx(): number {
    return markerSizePx(this.#view.pxPerMetre, this.#fleet.count);
  }

  /** Calls the watcher after each painted frame with its view; returns what ends that. */
  watchFrames(watcher: (view: Viewport) => void): () => void {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  }

  setView(view: Viewport): void {
    // A refresh sets the view that is there already: that is no movement, and must not blur the map.
    if (isSameView(view, this.#view)) return;
    this.#view = view;
    this.#viewMovedMs = performance.now();
    this.#isPlanStale = true;
    this.#isSharp = false;
    this.requestFrame();
  }

  /** @param isShown 1 where the robot is drawn: placed on this floor and not filtered out */
  setFleet(fleet: Fleet, isShown: Uint8Array, silentAfterSeconds: number): void {
    if (fleet !== this.#fleet) {
      this.#motion.update(fleet, performance.now(), silentAfterSeconds);
      if (this.#history.length > 0) this.#history.add(fleet);
    }
    this.#areTrailsStale = true;
    this.#robotsBudget.expire();
    this.#fleet = fleet;
    this.#painted = this.#collectPainted(isShown, silentAfterSeconds);
    this.requestFrame();
  }

  /** How many past places each robot's trail has; 0 for no trails. */
  setTrailLength(points: number): void {
    if (points === this.#history.length) return;
    this.#history = new TrailHistory(points);
    this.#areTrailsStale = true;
    this.requestFrame();
  }

  setPlan(plan: DrawablePlan | null): void {
    this.#drawablePlan = plan;
    this.#planLevels = plan && new Halvings(plan.picture, plan.geometry.widthPixels, plan.geometry.heightPixels);
    this.#isPlanStale = true;
    this.requestFrame();
  }

  setShapes(shapes: readonly MapShape[]): void {
    this.#shapes = prepareShapes(shapes);
    this.#isPlanStale = true;
    this.requestFrame();
  }

  /** @param robotsIn robots in each shape, by its index */
  setOccupancy(robotsIn: Uint32Array): void {
    this.#robotsInShapes = robotsIn;
    this.requestFrame();
  }

  setPalette(palette: Palette): void {
    this.#palette = palette;
    this.#atlases.clear();
    this.#robotsBudget.expire();
    this.#isPlanStale = true;
    this.requestFrame();
  }

  setMarked(hovered: number, selected: ReadonlySet<string>): void {
    this.#hovered = hovered;
    // The names of selected robots come first.
    if (selected !== this.#selected) this.#robotsBudget.expire();
    this.#selected = selected;
    this.requestFrame();
  }

  /** @param robotIds robots that an alert fires for */
  setHaloed(robotIds: ReadonlySet<string>): void {
    this.#haloed = robotIds;
    this.#robotsBudget.expire();
    this.requestFrame();
  }

  setSketch(sketch: Sketch | null): void {
    this.#sketch = sketch;
    this.requestFrame();
  }

  requestFrame(): void {
    if (this.#frameRequest === 0) this.#frameRequest = requestAnimationFrame(this.#paint);
  }

  readonly #paint = (): void => {
    this.#frameRequest = 0;
    const nowMs = performance.now();
    const isMoving = nowMs - this.#viewMovedMs < REST_AFTER_MS;
    // A pause between two movements is not a late frame.
    if (isMoving && this.#wasMoving) this.#governor.noteFrame(nowMs - this.#lastFrameMs);
    this.#wasMoving = isMoving;
    this.#lastFrameMs = nowMs;
    const fullRatio = window.devicePixelRatio || 1;
    const ratio = isMoving ? fullRatio * this.#governor.share : fullRatio;
    this.#paintPlan(nowMs, isMoving, ratio, fullRatio);
    const isTracing = this.#paintTrails(isMoving, ratio);
    const isUnderWay = this.#paintRobots(nowMs, ratio);
    this.#paintOverlay(ratio);
    if (isMoving && this.#governor.share < 1) {
      this.#moving.show(this.#view, ratio, [this.#plan, this.#trails.sheet, this.#robots, this.#overlay]);
    } else {
      this.#moving.hide();
    }
    if (isUnderWay || isMoving || isTracing || !this.#isSharp) this.requestFrame();
    this.#isSharp = !isMoving;
    for (const watcher of this.#watchers) watcher(this.#view);
  };

  #paintPlan(nowMs: number, isMoving: boolean, ratio: number, fullRatio: number): void {
    this.#plan.shiftTo(this.#view);
    const isBlurred = !isMoving && this.#plan.ratio !== fullRatio;
    if (!this.#isPlanStale && !isBlurred) return;
    if (isMoving && !this.#planBudget.isDue(nowMs)) return;
    const pen = this.#plan.begin(this.#view, ratio);
    if (pen && this.#drawablePlan && this.#planLevels) {
      drawPlan(pen, this.#view, this.#drawablePlan.geometry, this.#planLevels, ratio);
    }
    if (pen) drawShapes(pen, this.#view, this.#shapes, this.#palette);
    this.#planBudget.note(nowMs, performance.now());
    this.#isPlanStale = false;
  }

  /** True while trails are being drawn. */
  #paintTrails(isMoving: boolean, ratio: number): boolean {
    this.#trails.shiftTo(this.#view);
    // A view that has come to rest gets trails of its own; on the way they are moved.
    if (this.#areTrailsStale || (!isMoving && !this.#isSharp)) {
      this.#trails.start(this.#view, ratio, this.#painted, this.#history, this.#palette);
      this.#areTrailsStale = false;
    }
    const isUnfinished = this.#trails.proceed(TRAIL_BUDGET_MS);
    this.#trails.shiftTo(this.#view);
    return isUnfinished;
  }

  /** True while robots are under way: gliding, or moved with their sheet until that is painted again. */
  #paintRobots(nowMs: number, ratio: number): boolean {
    const view = this.#view;
    const hasOtherRatio = this.#robots.ratio !== ratio;
    if (!hasOtherRatio && !this.#robotsBudget.isDue(nowMs)) {
      this.#robots.shiftTo(view);
      return true;
    }
    const isGliding = this.#motion.step(nowMs);
    const markerPx = this.markerPx;
    const pen = this.#robots.begin(view, ratio);
    if (!pen) return false;
    const began = performance.now();
    const robots = this.#painted;
    const drawn = drawRobots(pen, view, robots, this.#atlas(markerPx * ratio), ratio);
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    drawShapeNames(pen, view, this.#shapes, this.#robotsInShapes, this.#palette);
    drawHalos(pen, view, robots, this.#palette, { robotIds: this.#haloed, markerPx });
    const [palette, selected] = [this.#palette, this.#selected];
    drawDetails({ pen, view, robots, palette, markerPx, nowMs: Date.now(), selected }, drawn);
    this.#robotsBudget.note(began, performance.now());
    return isGliding;
  }

  /** What follows the pointer or stands still on screen. */
  #paintOverlay(ratio: number): void {
    const view = this.#view;
    const pen = this.#overlay.begin(view, ratio);
    if (!pen) return;
    const rings = { hovered: this.#hovered, selected: this.#selected, markerPx: this.markerPx };
    drawRings(pen, view, this.#painted, this.#palette, rings);
    if (this.#sketch) drawSketch(pen, view, this.#palette, this.#sketch);
    drawScaleBar(pen, view, this.#palette);
  }

  #atlas(markerDevicePx: number): SpriteAtlas {
    const kept = this.#atlases.get(markerDevicePx);
    if (kept) return kept;
    const atlas = buildSpriteAtlas(this.#palette, markerDevicePx);
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
