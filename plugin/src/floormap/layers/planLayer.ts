import { mapToPixel, pixelToMap, type PlanGeometry } from '@floorwatch/floorplan/transform';
import { toMap, toScreen, type Viewport } from '../geometry/viewport';
import { Halvings } from '../paint/halvings';
import type { DrawablePlan } from '../paint/scene';
import type { MapLayer } from './mapLayer';

/** The floor plan, where it lies in the map frame, turned by its yaw. */
export const planLayer: MapLayer = {
  name: 'plan',
  canvas: 'plan',
  shows: ['plan'],
  create: () => {
    let last: DrawablePlan | null = null;
    let levels: Halvings | null = null;
    return (pen, { view, ratio, scene: { plan } }) => {
      if (plan !== last) {
        last = plan;
        levels = plan && new Halvings(plan.picture, plan.geometry.widthPixels, plan.geometry.heightPixels);
      }
      if (plan && levels) drawPlan(pen, view, plan.geometry, levels, ratio);
    };
  },
};

/** @param levels the plan's picture in all sizes */
function drawPlan(
  pen: CanvasRenderingContext2D,
  view: Viewport,
  geometry: PlanGeometry,
  levels: Halvings,
  ratio: number
): void {
  // Three image corners give the affine transform from image pixels to the screen.
  const topLeft = toScreen(view, pixelToMap(geometry, { u: 0, v: 0 }));
  const alongU = toScreen(view, pixelToMap(geometry, { u: 1, v: 0 }));
  const alongV = toScreen(view, pixelToMap(geometry, { u: 0, v: 1 }));
  pen.setTransform(
    (alongU.xPx - topLeft.xPx) * ratio,
    (alongU.yPx - topLeft.yPx) * ratio,
    (alongV.xPx - topLeft.xPx) * ratio,
    (alongV.yPx - topLeft.yPx) * ratio,
    topLeft.xPx * ratio,
    topLeft.yPx * ratio
  );
  // Enlarged pixels stay sharp: they are the map's own cells.
  pen.imageSmoothingEnabled = geometry.metresPerPixel * view.pxPerMetre < 3;
  const part = visiblePart(geometry, view);
  if (part) {
    const { picture, perPixel } = levels.levelFor(geometry.metresPerPixel * view.pxPerMetre * ratio);
    const [u, w] = [part.u / perPixel.x, part.w / perPixel.x];
    const [v, h] = [part.v / perPixel.y, part.h / perPixel.y];
    pen.drawImage(picture, u, v, w, h, part.u, part.v, part.w, part.h);
  }
}

/** The smallest rectangle of image pixels that covers the screen; null when the plan is out of sight. */
export function visiblePart(
  geometry: PlanGeometry,
  view: Viewport
): { u: number; v: number; w: number; h: number } | null {
  const corners = [
    [0, 0],
    [view.widthPx, 0],
    [0, view.heightPx],
    [view.widthPx, view.heightPx],
  ].map(([xPx = 0, yPx = 0]) => mapToPixel(geometry, toMap(view, { xPx, yPx })));
  const us = corners.map((corner) => corner.u);
  const vs = corners.map((corner) => corner.v);
  const left = Math.max(0, Math.floor(Math.min(...us)) - 1);
  const top = Math.max(0, Math.floor(Math.min(...vs)) - 1);
  const right = Math.min(geometry.widthPixels, Math.ceil(Math.max(...us)) + 1);
  const bottom = Math.min(geometry.heightPixels, Math.ceil(Math.max(...vs)) + 1);
  return right > left && bottom > top ? { u: left, v: top, w: right - left, h: bottom - top } : null;
}
