import { toScreen, type Viewport } from '../geometry/viewport';
import { statusIndex } from '../fleet/status';
import type { Palette } from '../paint/palette';
import type { PaintedRobots } from '../paint/paintedRobots';

const ERROR = statusIndex('error');

/** A red halo around each robot that an alert fires for, beneath its marker's rings. */
export function drawHalos(
  pen: CanvasRenderingContext2D,
  view: Viewport,
  robots: PaintedRobots,
  palette: Palette,
  { robotIds, markerPx }: { robotIds: ReadonlySet<string>; markerPx: number }
): void {
  if (robotIds.size === 0) return;
  robots.fleet.robotIds.forEach((robotId, i) => {
    if (robots.isShown[i] !== 1 || !robotIds.has(robotId)) return;
    const at = toScreen(view, { xMetres: robots.xMetres[i] ?? NaN, yMetres: robots.yMetres[i] ?? NaN });
    pen.beginPath();
    pen.arc(at.xPx, at.yPx, markerPx * 0.5 + 7, 0, 2 * Math.PI);
    pen.strokeStyle = palette.statusFill[ERROR] ?? '';
    pen.lineWidth = 5;
    pen.globalAlpha = 0.35;
    pen.stroke();
    pen.globalAlpha = 1;
    pen.lineWidth = 1.5;
    pen.stroke();
  });
}
