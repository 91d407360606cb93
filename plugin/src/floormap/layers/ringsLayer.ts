import { toScreen, type Viewport } from '../geometry/viewport';
import type { Palette } from '../paint/palette';
import type { PaintedRobots } from '../paint/paintedRobots';

/** A length for the scale bar: 1, 2 or 5 times a power of ten that fills up to `maxPx` on screen. */
export function scaleBar(pxPerMetre: number, maxPx: number): { metres: number; widthPx: number } {
  const longest = maxPx / pxPerMetre;
  const power = 10 ** Math.floor(Math.log10(longest));
  const step = [5, 2, 1].find((factor) => factor * power <= longest * (1 + 1e-9)) ?? 1;
  return { metres: step * power, widthPx: step * power * pxPerMetre };
}

export function drawScaleBar(pen: CanvasRenderingContext2D, view: Viewport, palette: Palette): void {
  const { metres, widthPx } = scaleBar(view.pxPerMetre, Math.min(140, view.widthPx / 4));
  const [right, bottom] = [view.widthPx - 12.5, view.heightPx - 11.5];
  const label =
    metres >= 1_000 ? `${metres / 1_000} km` : metres >= 1 ? `${metres} m` : `${Math.round(metres * 100)} cm`;
  pen.beginPath();
  pen.moveTo(right - widthPx, bottom - 5);
  pen.lineTo(right - widthPx, bottom);
  pen.lineTo(right, bottom);
  pen.lineTo(right, bottom - 5);
  for (const [colour, width] of [
    [palette.textHalo, 4],
    [palette.text, 1.5],
  ] as const) {
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.stroke();
  }
  pen.font = '11px Inter, Helvetica, Arial, sans-serif';
  pen.textAlign = 'right';
  pen.lineWidth = 3;
  pen.strokeStyle = palette.textHalo;
  pen.strokeText(label, right, bottom - 8);
  pen.fillStyle = palette.text;
  pen.fillText(label, right, bottom - 8);
}

/** More of them get thin rings: thick ones would hide what the robots of a crowd are doing. */
const MANY_SELECTED = 300;

/** One path for all: thousands of strokes would take longer than a frame. */
function ringCrowd(
  pen: CanvasRenderingContext2D,
  view: Viewport,
  robots: PaintedRobots,
  palette: Palette,
  { selected, markerPx }: { selected: ReadonlySet<string>; markerPx: number }
): void {
  const radius = markerPx / 2 + 1;
  pen.beginPath();
  robots.fleet.robotIds.forEach((robotId, i) => {
    if (robots.isShown[i] !== 1 || !selected.has(robotId)) return;
    const { xPx, yPx } = toScreen(view, { xMetres: robots.xMetres[i] ?? NaN, yMetres: robots.yMetres[i] ?? NaN });
    const isSeen = xPx > -radius && yPx > -radius && xPx < view.widthPx + radius && yPx < view.heightPx + radius;
    if (!isSeen) return;
    pen.moveTo(xPx + radius, yPx);
    pen.arc(xPx, yPx, radius, 0, 2 * Math.PI);
  });
  pen.lineWidth = 1;
  pen.strokeStyle = palette.selection;
  pen.stroke();
}

/** Rings around the hovered and the selected robots. */
export function drawRings(
  pen: CanvasRenderingContext2D,
  view: Viewport,
  robots: PaintedRobots,
  palette: Palette,
  rings: { hovered: number; selected: ReadonlySet<string>; markerPx: number }
): void {
  const ring = (i: number, gapPx: number, widthPx: number) => {
    if (robots.isShown[i] !== 1) return;
    const at = toScreen(view, { xMetres: robots.xMetres[i] ?? NaN, yMetres: robots.yMetres[i] ?? NaN });
    pen.beginPath();
    pen.arc(at.xPx, at.yPx, rings.markerPx / 2 + gapPx, 0, 2 * Math.PI);
    pen.lineWidth = widthPx + 2;
    pen.strokeStyle = palette.textHalo;
    pen.stroke();
    pen.lineWidth = widthPx;
    pen.strokeStyle = palette.selection;
    pen.stroke();
  };
  if (rings.selected.size > MANY_SELECTED) {
    ringCrowd(pen, view, robots, palette, rings);
  } else if (rings.selected.size > 0) {
    robots.fleet.robotIds.forEach((robotId, i) => {
      if (rings.selected.has(robotId)) ring(i, 5, 2.5);
    });
  }
  if (rings.hovered >= 0) ring(rings.hovered, 3, 1.5);
}
