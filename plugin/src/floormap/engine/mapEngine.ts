import { t } from '@grafana/i18n';
import type { Fleet } from '../fleet/fleet';
import { markerSizePx } from '../geometry/markers';
import { isSameView, type Viewport } from '../geometry/viewport';
import type { MapLayer } from '../layers/mapLayer';
import { MAP_LAYERS } from '../layers/registry';
import type { PaintedRobots } from '../paint/paintedRobots';
import type { Palette } from '../paint/palette';
import { emptyScene, type Scene } from '../paint/scene';
import { MovingCanvas } from './movingCanvas';
import { OverlayCanvas } from './overlayCanvas';
import { PlanCanvas } from './planCanvas';
import { RobotCanvas } from './robotCanvas';
import { TrailCanvas } from './trailCanvas';
import { ViewPace } from './viewPace';
import { UNESCAPED } from '../../grafana/showText';

/** Time in each frame for drawing trails. */
const TRAIL_BUDGET_MS = 4;
/** Ages on the map are counted in seconds. What could not be painted is tried again as often. */
const TICK_MS = 1_000;
/** How the map looks while it cannot be painted: what is on it may not be true any more. */
const FAILED_OPACITY = '0.35';

/**
 * Paints the map: canvases for plan, trails, robots and overlay over one another, each painted only when it must be.
 * Knows nothing of React or of Grafana, so that the benchmark runs exactly this code.
 */
export class MapEngine {
  readonly #stack = document.createElement('div');
  readonly #plan: PlanCanvas;
  readonly #trails: TrailCanvas;
  readonly #robots: RobotCanvas;
  readonly #overlay: OverlayCanvas;
  readonly #moving: MovingCanvas;
  /** Those that paint the registry's layers. */
  readonly #layered: ReadonlyArray<PlanCanvas | RobotCanvas | OverlayCanvas>;
  readonly #pace = new ViewPace();
  #view: Viewport;
  #scene: Scene;
  #fleet: Fleet | null = null;
  #isSharp = false;
  /** Why the last frame was broken off; '' when it was not. */
  #brokenOff = '';
  #frameRequest = 0;
  readonly #timer: number;
  readonly #watchers = new Set<(view: Viewport) => void>();

  /** @param layers what is painted besides trails and markers */
  constructor(host: HTMLElement, view: Viewport, palette: Palette, layers: readonly MapLayer[] = MAP_LAYERS) {
    this.#view = view;
    this.#scene = emptyScene(palette);
    host.append(this.#stack);
    this.#plan = new PlanCanvas(this.#stack, layers);
    this.#trails = new TrailCanvas(this.#stack);
    this.#robots = new RobotCanvas(this.#stack, layers);
    this.#overlay = new OverlayCanvas(this.#stack, layers);
    this.#moving = new MovingCanvas(host, this.#stack);
    this.#layered = [this.#plan, this.#robots, this.#overlay];
    this.#timer = window.setInterval(this.#tick, TICK_MS);
    this.requestFrame();
  }

  dispose(): void {
    cancelAnimationFrame(this.#frameRequest);
    clearInterval(this.#timer);
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

  /** What the last frame could not paint, in one sentence; '' when it painted all. */
  get failure(): string {
    if (this.#brokenOff !== '') {
      return t('map.paint.failed', 'The map cannot be painted, its picture is out of date: {{reason}}', {
        reason: this.#brokenOff,
        ...UNESCAPED,
      });
    }
    return this.#layered.map(({ layers }) => layers.failure).find(Boolean) ?? '';
  }

  /** Calls the watcher after each frame, painted or broken off, with its view; returns what ends that. */
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
    if (fleet !== this.#fleet) this.#trails.add(fleet);
    this.#trails.expire();
    this.#fleet = fleet;
    this.#robots.setFleet(fleet, isShown, silentAfterSeconds);
    this.requestFrame();
  }

  /** How many past places each robot's trail has; 0 for no trails. */
  setTrailLength(points: number): void {
    this.#trails.setLength(points);
    this.requestFrame();
  }

  /** Replaces these parts of the scene. What has not changed is not painted again. */
  show(parts: Partial<Scene>): void {
    const changed = (Object.keys(parts) as Array<keyof Scene>).filter((part) => parts[part] !== this.#scene[part]);
    if (changed.length === 0) return;
    this.#scene = { ...this.#scene, ...parts };
    for (const canvas of this.#layered) if (changed.some((part) => canvas.layers.shows(part))) canvas.expire();
    if (changed.includes('palette')) {
      this.#robots.dropMarkers();
      this.#trails.expire();
    }
    this.requestFrame();
  }

  requestFrame(): void {
    if (this.#frameRequest === 0) this.#frameRequest = requestAnimationFrame(this.#paint);
  }

  readonly #tick = (): void => {
    if (this.failure !== '') this.#expireAll();
    this.requestFrame();
  };

  #expireAll(): void {
    for (const canvas of [...this.#layered, this.#trails]) canvas.expire();
  }

  readonly #paint = (): void => {
    this.#frameRequest = 0;
    try {
      if (this.#paintFrame()) this.requestFrame();
      this.#brokenOff = '';
    } catch (error) {
      this.#breakOff(error);
    }
    this.#stack.style.opacity = this.#brokenOff === '' ? '' : FAILED_OPACITY;
    for (const watcher of this.#watchers) watcher(this.#view);
  };

  /** True while there is more to paint in the next frame. */
  #paintFrame(): boolean {
    const pace = this.#pace.nextFrame(performance.now(), window.devicePixelRatio || 1);
    const { isMoving, ratio, fullRatio } = pace;
    const { painted: robots, markerPx } = this;
    const drawnRobots = robots.fleet.count;
    const frame = { view: this.#view, ratio, scene: this.#scene, robots, drawnRobots, markerPx };
    this.#plan.paint(frame, pace);
    const isUnderWay = this.#robots.paint(frame, pace);
    const budgetMs = this.#robots.isDrawing ? 0 : TRAIL_BUDGET_MS;
    const isTracing = this.#trails.paint(frame, { hasComeToRest: !isMoving && !this.#isSharp, budgetMs });
    this.#overlay.paint(frame);
    if (ratio < fullRatio) {
      const all = [this.#plan, this.#trails, this.#robots, this.#overlay];
      this.#moving.show(
        this.#view,
        ratio,
        all.map(({ canvas }) => canvas)
      );
    } else {
      this.#moving.hide();
    }
    const isMore = isUnderWay || isMoving || isTracing || !this.#isSharp;
    this.#isSharp = !isMoving;
    return isMore;
  }

  /** Drops what is half painted, so that the next frame paints all of it. */
  #breakOff(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    if (reason !== this.#brokenOff) console.error('The map cannot be painted:', error);
    this.#brokenOff = reason;
    this.#robots.giveUp();
    this.#trails.giveUp();
    this.#moving.hide();
    this.#expireAll();
  }
}
