import { statusIndex } from '../fleet/status';
import { toScreen, type ScreenPoint } from '../geometry/viewport';
import type { Frame, MapLayer } from './mapLayer';

/** Below this charge a robot carries a battery mark. */
const LOW_BATTERY_PERCENT = 20;
const CRITICAL_BATTERY_PERCENT = 10;
/** On smaller markers a mark would hide the marker. */
const MIN_MARKER_PX = 10;
/** Marks reach this far from the middle of their robot. */
const ROOM_PX = 26;

const ERROR = statusIndex('error');
const BLOCKED = statusIndex('blocked');

/** What markers alone cannot say: how uncertain a position is, a low battery, an error beside another state, a wrong clock. */
export const robotMarksLayer: MapLayer = {
  name: 'marks of robots',
  canvas: 'robots',
  shows: [],
  create: () => (pen, frame) => {
    const { view, robots, markerPx } = frame;
    const { fleet } = robots;
    for (const i of robots.order) {
      if (robots.isShown[i] === 0) continue;
      const radiusPx = (fleet.deviationMetres[i] ?? NaN) * view.pxPerMetre;
      const hasMarks =
        markerPx >= MIN_MARKER_PX && (isLow(frame, i) || hasOtherError(frame, i) || hasWrongClock(frame, i));
      if (!(radiusPx >= 2) && !hasMarks) continue;
      const at = toScreen(view, { xMetres: robots.xMetres[i] ?? NaN, yMetres: robots.yMetres[i] ?? NaN });
      const isSeen =
        at.xPx > -ROOM_PX && at.yPx > -ROOM_PX && at.xPx < view.widthPx + ROOM_PX && at.yPx < view.heightPx + ROOM_PX;
      if (!isSeen) continue;
      if (radiusPx >= 2) drawUncertainty(pen, frame, radiusPx, at);
      if (hasMarks && isLow(frame, i)) drawBattery(pen, frame, i, at);
      if (hasMarks && hasOtherError(frame, i)) drawErrorDot(pen, frame, at);
      if (hasMarks && hasWrongClock(frame, i)) drawClock(pen, frame, at);
    }
  },
};

function isLow({ robots }: Frame, i: number): boolean {
  return (robots.fleet.batteryPercent[i] ?? NaN) < LOW_BATTERY_PERCENT;
}

/** An error that the marker itself does not show. */
function hasOtherError({ robots: { fleet } }: Frame, i: number): boolean {
  return (fleet.errorCodes[i] ?? '') !== '' && fleet.statuses[i] !== ERROR;
}

function hasWrongClock({ robots: { fleet } }: Frame, i: number): boolean {
  return !Number.isNaN(fleet.clockOffsetSeconds[i] ?? NaN);
}

type Pen = CanvasRenderingContext2D;

function drawUncertainty(pen: Pen, { scene }: Frame, radiusPx: number, { xPx, yPx }: ScreenPoint): void {
  pen.beginPath();
  pen.arc(xPx, yPx, radiusPx, 0, 2 * Math.PI);
  pen.setLineDash([4, 3]);
  pen.lineWidth = 1.5;
  pen.strokeStyle = scene.palette.warning;
  pen.stroke();
  pen.setLineDash([]);
}

function drawBattery(
  pen: Pen,
  { robots, markerPx, scene: { palette } }: Frame,
  i: number,
  { xPx, yPx }: ScreenPoint
): void {
  const battery = robots.fleet.batteryPercent[i] ?? NaN;
  const widthPx = Math.max(8, markerPx * 0.8);
  const [left, top] = [xPx - widthPx / 2, yPx - markerPx / 2 - 5];
  pen.fillStyle = palette.textHalo;
  pen.fillRect(left - 1, top - 1, widthPx + 2, 5);
  pen.fillStyle = palette.statusFill[battery < CRITICAL_BATTERY_PERCENT ? ERROR : BLOCKED] ?? '';
  pen.globalAlpha = 0.35;
  pen.fillRect(left, top, widthPx, 3);
  pen.globalAlpha = 1;
  pen.fillRect(left, top, Math.max(1.5, (widthPx * battery) / 100), 3);
}

function drawErrorDot(pen: Pen, { markerPx, scene: { palette } }: Frame, { xPx, yPx }: ScreenPoint): void {
  pen.beginPath();
  pen.arc(xPx + markerPx * 0.42, yPx - markerPx * 0.42, Math.max(2.5, markerPx * 0.16), 0, 2 * Math.PI);
  pen.fillStyle = palette.statusFill[ERROR] ?? '';
  pen.fill();
  pen.lineWidth = 1;
  pen.strokeStyle = palette.outline;
  pen.stroke();
}

/** A small dial at the lower left of the marker. */
function drawClock(pen: Pen, { markerPx, scene: { palette } }: Frame, { xPx, yPx }: ScreenPoint): void {
  const radiusPx = Math.max(4, markerPx * 0.26);
  const [x, y] = [xPx - markerPx * 0.46, yPx + markerPx * 0.46];
  pen.beginPath();
  pen.arc(x, y, radiusPx, 0, 2 * Math.PI);
  pen.fillStyle = palette.textHalo;
  pen.fill();
  pen.moveTo(x, y - radiusPx * 0.65);
  pen.lineTo(x, y);
  pen.lineTo(x + radiusPx * 0.5, y + radiusPx * 0.2);
  pen.lineWidth = 1.5;
  pen.strokeStyle = palette.warning;
  pen.stroke();
}
