import type { Fleet } from '../fleet/fleet';
import { statusIndex } from '../fleet/status';
import { toScreen, type Viewport } from '../geometry/viewport';
import { spriteColumn, type SpriteAtlas } from './spriteAtlas';

/** What the painter walks each frame: the fleet with its painted poses, in painting order. */
export interface PaintedRobots {
  fleet: Fleet;
  xMetres: Float64Array;
  yMetres: Float64Array;
  headingRadians: Float64Array;
  /** 1 where the robot is drawn at all. */
  isShown: Uint8Array;
  /** Indices of the fleet, troubled robots last so that they lie on top. */
  order: Uint32Array;
  /** Opacity of each robot, 0 to 1. */
  opacity: Float32Array;
}

const SILENT = statusIndex('silent');
const OFFLINE = statusIndex('offline');
/** Opacity of a robot that has been silent for an hour or longer: faded, never gone. */
const FADED = 0.4;
const FADE_OVER_SECONDS = 3_600;
/** Indices by status, in the order of STATUSES, by counting: stable and linear. */
export function paintingOrder(statuses: Uint8Array): Uint32Array {
  const starts = new Uint32Array(257);
  for (const status of statuses) starts[status + 1] = (starts[status + 1] ?? 0) + 1;
  for (let k = 1; k < starts.length; k++) starts[k] = (starts[k] ?? 0) + (starts[k - 1] ?? 0);
  const order = new Uint32Array(statuses.length);
  statuses.forEach((status, i) => {
    const at = starts[status] ?? 0;
    order[at] = i;
    starts[status] = at + 1;
  });
  return order;
}

/** A robot fades with the age of its data, down to FADED: a silent or offline one, and any whose data the pipeline delays. */
export function opacities(fleet: Fleet, silentAfterSeconds: number): Float32Array {
  const opacity = new Float32Array(fleet.count).fill(1);
  for (let i = 0; i < fleet.count; i++) {
    const isOld = (fleet.ageSeconds[i] ?? NaN) > silentAfterSeconds;
    if (fleet.statuses[i] !== SILENT && fleet.statuses[i] !== OFFLINE && !isOld) continue;
    const silentFor = Math.max(0, (fleet.ageSeconds[i] ?? 0) - silentAfterSeconds);
    const share = Math.min(1, (Number.isNaN(silentFor) ? FADE_OVER_SECONDS : silentFor) / FADE_OVER_SECONDS);
    opacity[i] = 0.85 - (0.85 - FADED) * Math.sqrt(share);
  }
  return opacity;
}

/**
 * Copies each robot's sprite to its place, between pixels too, so that slow robots glide. The pen is set to device
 * pixels and left so. For large fleets there is `RobotDrawing`.
 * @returns how many are at least partly on screen
 */
export function drawRobots(
  pen: CanvasRenderingContext2D,
  view: Viewport,
  robots: PaintedRobots,
  atlas: SpriteAtlas,
  ratio: number
): number {
  pen.setTransform(1, 0, 0, 1, 0, 0);
  const { cellPx } = atlas;
  const half = cellPx / 2;
  const origin = toScreen(view, { xMetres: 0, yMetres: 0 });
  const scale = view.pxPerMetre * ratio;
  const [originX, originY] = [origin.xPx * ratio - half, origin.yPx * ratio - half];
  const [right, bottom] = [view.widthPx * ratio, view.heightPx * ratio];
  let opacity = 1;
  let drawn = 0;
  for (const i of robots.order) {
    if (robots.isShown[i] === 0) continue;
    const x = originX + (robots.xMetres[i] ?? NaN) * scale;
    const y = originY - (robots.yMetres[i] ?? NaN) * scale;
    if (!(x > -cellPx && y > -cellPx && x < right && y < bottom)) continue;
    const wanted = robots.opacity[i] ?? 1;
    if (wanted !== opacity) pen.globalAlpha = opacity = wanted;
    const column = spriteColumn(robots.headingRadians[i] ?? NaN) * cellPx;
    const row = (robots.fleet.statuses[i] ?? 0) * cellPx;
    pen.drawImage(atlas.image, column, row, cellPx, cellPx, x, y, cellPx, cellPx);
    drawn++;
  }
  pen.globalAlpha = 1;
  return drawn;
}
