import type { MapShape } from '@floorwatch/ingestor/plans/map-shape';
import type { Viewport } from '../geometry/viewport';
import type { HeatPicture } from '../heatmap/heatPicture';
import { CanvasLayer } from '../paint/mapCanvas';
import { drawHeatPictures } from '../layers/heatmapLayer';
import { Halvings } from '../paint/halvings';
import { PaintBudget } from '../paint/paintBudget';
import type { Palette } from '../paint/palette';
import { drawPlan, type DrawablePlan } from '../layers/planLayer';
import type { Pace } from './viewPace';
import { drawShapes, prepareShapes, type DrawableShape } from '../layers/zonesLayer';

/** While the view moves, the plan is moved by CSS and redrawn no more often than this. */
const REDRAW_MS = 120;

/**
 * The sheet under the robots: the plan, the cells of the shown layers, and zones, lanes and stations. Drawn anew only for
 * another view or content.
 */
export class PlanSheet {
  readonly layer: CanvasLayer;
  #plan: DrawablePlan | null = null;
  #levels: Halvings | null = null;
  #heat: readonly HeatPicture[] = [];
  #shapes: readonly DrawableShape[] = [];
  #isStale = true;
  readonly #budget = new PaintBudget(REDRAW_MS);

  constructor(parent: HTMLElement) {
    this.layer = new CanvasLayer(parent, 'plan');
  }

  get shapes(): readonly DrawableShape[] {
    return this.#shapes;
  }

  setPlan(plan: DrawablePlan | null): void {
    this.#plan = plan;
    this.#levels = plan && new Halvings(plan.picture, plan.geometry.widthPixels, plan.geometry.heightPixels);
    this.#isStale = true;
  }

  setShapes(shapes: readonly MapShape[]): void {
    this.#shapes = prepareShapes(shapes);
    this.#isStale = true;
  }

  setHeat(layers: readonly HeatPicture[]): void {
    this.#heat = layers;
    this.#isStale = true;
  }

  /** What the sheet shows is no longer right: another view, or other colours. */
  expire(): void {
    this.#isStale = true;
  }

  paint(view: Viewport, { nowMs, isMoving, ratio, fullRatio }: Pace, palette: Palette): void {
    this.layer.shiftTo(view);
    const isBlurred = !isMoving && this.layer.ratio !== fullRatio;
    if (!this.#isStale && !isBlurred) return;
    if (isMoving && !this.#budget.isDue(nowMs)) return;
    const pen = this.layer.begin(view, ratio);
    if (pen && this.#plan && this.#levels) drawPlan(pen, view, this.#plan.geometry, this.#levels, ratio);
    if (pen) drawHeatPictures(pen, view, this.#heat);
    if (pen) drawShapes(pen, view, this.#shapes, palette);
    this.#budget.note(nowMs, performance.now());
    this.#isStale = false;
  }
}
