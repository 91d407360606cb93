import { toScreen, type ScreenPoint, type Viewport } from './viewport';

/**
 * The robot under a screen point: the nearest one within reach, by the same transform that draws it; -1 when none is.
 * A linear walk: 50,000 robots take a fraction of a millisecond, less than keeping an index current would.
 */
export function hitTest(
  view: Viewport,
  xMetres: Float64Array,
  yMetres: Float64Array,
  isShown: Uint8Array,
  point: ScreenPoint,
  reachPx: number
): number {
  let nearest = -1;
  let nearestSquared = reachPx * reachPx;
  const origin = toScreen(view, { xMetres: 0, yMetres: 0 });
  for (let i = 0; i < isShown.length; i++) {
    if (isShown[i] === 0) continue;
    const dx = origin.xPx + (xMetres[i] ?? NaN) * view.pxPerMetre - point.xPx;
    const dy = origin.yPx - (yMetres[i] ?? NaN) * view.pxPerMetre - point.yPx;
    const squared = dx * dx + dy * dy;
    // "Not farther" lets the robot that is painted last, on top, win a tie.
    if (squared <= nearestSquared) {
      nearestSquared = squared;
      nearest = i;
    }
  }
  return nearest;
}
