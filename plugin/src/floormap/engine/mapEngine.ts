import type { MapShape } from '@floorwatch/ingestor/plans/map-shape';
import type { Fleet } from '../fleet/fleet';
import { markerSizePx } from '../geometry/markers';
import { TrailHistory } from './trailHistory';
import { isSameView, type Viewport } from '../geometry/viewport';
import type { HeatPicture } from '../heatmap/heatPicture';
import type { Annotation } from '../annotations/readAnnotations';
import { MovingSheet } from './movingCanvas';
import { OverlaySheet } from './overlayCanvas';
import type { Palette } from '../paint/palette';
import type { DrawablePlan } from '../layers/planLayer';
import { PlanSheet } from './planCanvas';
import type { PaintedRobots } from '../paint/paintedRobots';
import { RobotSheet } from './robotCanvas';
import type { Sketch } from '../layers/drawingLayer';
import { TrailLayer } from './trailCanvas';
import { ViewPace, type Pace } from './viewPace';

/** Time in each frame for drawing trails. */
const TRAIL_BUDGET_MS = 4;
/** Ages on the map are counted in seconds. */
const AGE_REDRAW_MS = 1_000;

/**
 * Draws the map: sheets for plan, trails, robots and interaction over one another, each redrawn only when it must be.
 * Knows nothing of React or of Grafana, so that the benchmark runs exactly this code.
 */
export class MapEngine {
  readonly #stack = document.createElement('div');
  readonly #plan: PlanSheet;
  readonly #trails: TrailLayer;
  readonly #robots: RobotSheet;
  readonly #overlay: OverlaySheet;
  readonly #moving: MovingSheet;
  readonly #pace = new ViewPace();
  #view: Viewport;
  #palette: Palette;
  #robotsInShapes: Uint32Array = new Uint32Array(0);
  #haloed: ReadonlySet<string> = new Set();
  #fleet: Fleet | null = null;
  #history = new TrailHistory(0);
  #areTrailsStale = false;
  #isSharp = false;
  #frameRequest = 0;
  #ageTimer = 0;

  readonly #watchers = new Set<(view: Viewport) => void>();

  constructor(host: HTMLElement, view: Viewport, palette: Palette) {
    this.#view = view;
    this.#palette = palette;
    host.append(this.#stack);
    this.#plan = new PlanSheet(this.#stack);
    this.#trails = new TrailLayer(this.#stack);
    this.#robots = new RobotSheet(this.#stack);
    this.#overlay = new OverlaySheet(this.#stack);
    this.#moving = new MovingSheet(host, this.#stack);
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
    return this.#robots.painted;
  }

  /** The fleet that can be seen: a large one takes some frames to appear. */
  get shownFleet(): Fleet | null {
    return this.#robots.shownFleet;
  }

  /** Marker diameter in CSS pixels at the present scale. */
  get markerPx(): number {
    return markerSizePx(this.#view.pxPerMetre, this.painted.fleet.count);
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
    this.#pace.noteMove(performance.now());
    this.#plan.expire();
    this.#isSharp = false;
    this.requestFrame();
  }

  /** @param isShown 1 where the robot is drawn: placed on this floor and not filtered out */
  setFleet(fleet: Fleet, isShown: Uint8Array, silentAfterSeconds: number): void {
    if (fleet !== this.#fleet && this.#history.length > 0) this.#history.add(fleet);
    this.#areTrailsStale = true;
    this.#fleet = fleet;
    this.#robots.setFleet(fleet, isShown, silentAfterSeconds);
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
    this.#plan.setPlan(plan);
    this.requestFrame();
  }

  setHeat(layers: readonly HeatPicture[]): void {
    this.#plan.setHeat(layers);
    this.requestFrame();
  }

  /** @param focused the one that the user went to */
  setAnnotations(annotations: readonly Annotation[], focused: Annotation | null): void {
    this.#overlay.change({ annotations, focusedAnnotation: focused });
    this.requestFrame();
  }

  setShapes(shapes: readonly MapShape[]): void {
    this.#plan.setShapes(shapes);
    this.#redrawRobots();
  }

  /** @param robotsIn robots in each shape, by its index */
  setOccupancy(robotsIn: Uint32Array): void {
    this.#robotsInShapes = robotsIn;
    this.requestFrame();
  }

  setPalette(palette: Palette): void {
    this.#palette = palette;
    this.#robots.dropMarkers();
    this.#plan.expire();
    this.#overlay.expire();
    this.#areTrailsStale = true;
    this.requestFrame();
  }

  setMarked(hovered: number, selected: ReadonlySet<string>): void {
    // The names of selected robots come first.
    if (selected !== this.#overlay.selected) this.#robots.expire();
    this.#overlay.change({ hovered, selected });
    this.requestFrame();
  }

  /** @param robotIds robots that an alert fires for */
  setHaloed(robotIds: ReadonlySet<string>): void {
    this.#haloed = robotIds;
    this.#redrawRobots();
  }

  setSketch(sketch: Sketch | null): void {
    this.#overlay.change({ sketch });
    this.requestFrame();
  }

  requestFrame(): void {
    if (this.#frameRequest === 0) this.#frameRequest = requestAnimationFrame(this.#paint);
  }

  #redrawRobots(): void {
    this.#robots.expire();
    this.requestFrame();
  }

  readonly #paint = (): void => {
    this.#frameRequest = 0;
    const pace = this.#pace.nextFrame(performance.now(), window.devicePixelRatio || 1);
    const { isMoving, ratio, fullRatio } = pace;
    this.#plan.paint(this.#view, pace, this.#palette);
    const isUnderWay = this.#robots.paint(this.#view, pace, {
      palette: this.#palette,
      markerPx: this.markerPx,
      shapes: this.#plan.shapes,
      robotsInShapes: this.#robotsInShapes,
      haloed: this.#haloed,
      selected: this.#overlay.selected,
    });
    const isTracing = this.#paintTrails(pace);
    this.#overlay.paint(this.#view, ratio, this.painted, this.#palette, this.markerPx);
    if (ratio < fullRatio) {
      const sheets = [this.#plan.layer, this.#trails.sheet, this.#robots.layer, this.#overlay.layer];
      this.#moving.show(this.#view, ratio, sheets);
    } else {
      this.#moving.hide();
    }
    if (isUnderWay || isMoving || isTracing || !this.#isSharp) this.requestFrame();
    this.#isSharp = !isMoving;
    for (const watcher of this.#watchers) watcher(this.#view);
  };

  /** True while trails are being drawn. */
  #paintTrails({ isMoving, ratio }: Pace): boolean {
    this.#trails.shiftTo(this.#view);
    // A view that has come to rest gets trails of its own; on the way they are moved.
    if (this.#areTrailsStale || (!isMoving && !this.#isSharp)) {
      this.#trails.start(this.#view, ratio, this.painted, this.#history, this.#palette);
      this.#areTrailsStale = false;
    }
    const isUnfinished = this.#trails.proceed(this.#robots.isDrawing ? 0 : TRAIL_BUDGET_MS);
    this.#trails.shiftTo(this.#view);
    return isUnfinished;
  }
}
