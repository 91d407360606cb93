import { ageNow, formatAge } from '../fleet/age';
import { statusAt, statusIndex, TROUBLE } from '../fleet/status';
import { shorten, uncoveredLabels, type Label, type MarkerSpot } from '../geometry/labels';
import { toScreen, type Viewport } from '../geometry/viewport';
import type { Palette } from '../paint/palette';
import type { PaintedRobots } from '../paint/paintedRobots';

/** Below this charge a robot carries a battery mark. */
export const LOW_BATTERY_PERCENT = 20;
const CRITICAL_BATTERY_PERCENT = 10;

const SILENT = statusIndex('silent');
const OFFLINE = statusIndex('offline');
const ERROR = statusIndex('error');
const BLOCKED = statusIndex('blocked');
const FONT = '11px Inter, Helvetica, Arial, sans-serif';
/** More texts than this are noise, and each costs as much as thirty markers. */
const MAX_LABELS = 150;
/** Names are drawn from this scale on, at which robots stand apart... */
const NAMES_FROM_PX_PER_METRE = 18;
/** ...and always when there are this few: more would hide the floor. */
const FEW_ROBOTS = 30;
/** Labels that compete for the room; those of more robots would take longer to sort out than to read. */
const MAX_CANDIDATES = 1_000;
const LABEL_ROOM_PX = 26;
/** Up to here labels keep off the markers; among more there would be no room for a label at all. */
const MAX_SPARED_MARKERS = 400;

export interface DetailContext {
  pen: CanvasRenderingContext2D;
  view: Viewport;
  robots: PaintedRobots;
  palette: Palette;
  markerPx: number;
  nowMs: number;
  /** Robots whose names come first. */
  selected: ReadonlySet<string>;
}

/** What is to be written beside the robots in sight, and where they are. */
export interface Beside {
  labels: Label[];
  /** None where there are so many that no label could keep off them. */
  markers: MarkerSpot[];
}

/**
 * What markers alone cannot say: how sure a position is, a low battery, an error beside another state. The pen is in CSS
 * pixels.
 * @returns the labels that go with them: how old a silent robot's place is, and names once there is room
 */
export function drawDetails(context: DetailContext, drawnRobots: number): Beside {
  const { view, robots, markerPx } = context;
  const isClose = view.pxPerMetre >= NAMES_FROM_PX_PER_METRE && drawnRobots <= MAX_LABELS;
  const names = isClose || drawnRobots <= FEW_ROBOTS;
  const labels: Label[] = [];
  const markers: MarkerSpot[] = [];
  for (const i of robots.order) {
    if (robots.isShown[i] === 0) continue;
    const at = toScreen(view, { xMetres: robots.xMetres[i] ?? NaN, yMetres: robots.yMetres[i] ?? NaN });
    if (!isOnScreen(view, at.xPx, at.yPx)) continue;
    if (drawnRobots <= MAX_SPARED_MARKERS) markers.push(at);
    drawUncertainty(context, i, at.xPx, at.yPx);
    if (markerPx >= 10) drawMarks(context, i, at.xPx, at.yPx);
    const text = labels.length < MAX_CANDIDATES ? labelOf(context, i, names) : '';
    if (text === '') continue;
    const [yPx, yOtherPx] = [at.yPx + markerPx / 2 + 11, at.yPx - markerPx / 2 - 8];
    labels.push({ text, xPx: at.xPx, yPx, yOtherPx, priority: labelPriority(context, i) });
  }
  return { labels, markers };
}

/** Writes the labels that there is room for. `texts` stand on the map already, and are never covered. */
export function drawLabels(context: DetailContext, { labels, markers }: Beside, texts: readonly Label[]): void {
  const { pen, markerPx } = context;
  pen.font = FONT;
  pen.textAlign = 'center';
  for (const label of uncoveredLabels(labels, MAX_LABELS, { texts, markers, markerPx })) drawLabel(context, label);
}

/** Selected robots first, then trouble, worst first, then the rest. */
function labelPriority({ robots, selected }: DetailContext, i: number): number {
  if (selected.has(robots.fleet.robotIds[i] ?? '')) return -1;
  const trouble = TROUBLE.indexOf(statusAt(robots.fleet.statuses[i] ?? 0));
  return trouble < 0 ? TROUBLE.length : trouble;
}

function isOnScreen(view: Viewport, xPx: number, yPx: number): boolean {
  return (
    xPx > -LABEL_ROOM_PX &&
    yPx > -LABEL_ROOM_PX &&
    xPx < view.widthPx + LABEL_ROOM_PX &&
    yPx < view.heightPx + LABEL_ROOM_PX
  );
}

function drawUncertainty({ pen, view, robots, palette }: DetailContext, i: number, xPx: number, yPx: number): void {
  const radiusPx = (robots.fleet.deviationMetres[i] ?? NaN) * view.pxPerMetre;
  if (!(radiusPx >= 2)) return;
  pen.beginPath();
  pen.arc(xPx, yPx, radiusPx, 0, 2 * Math.PI);
  pen.setLineDash([4, 3]);
  pen.lineWidth = 1.5;
  pen.strokeStyle = palette.warning;
  pen.stroke();
  pen.setLineDash([]);
}

function drawMarks({ pen, robots, palette, markerPx }: DetailContext, i: number, xPx: number, yPx: number): void {
  const battery = robots.fleet.batteryPercent[i] ?? NaN;
  if (battery < LOW_BATTERY_PERCENT) {
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
  if ((robots.fleet.errorCodes[i] ?? '') !== '' && robots.fleet.statuses[i] !== ERROR) {
    pen.beginPath();
    pen.arc(xPx + markerPx * 0.42, yPx - markerPx * 0.42, Math.max(2.5, markerPx * 0.16), 0, 2 * Math.PI);
    pen.fillStyle = palette.statusFill[ERROR] ?? '';
    pen.fill();
    pen.lineWidth = 1;
    pen.strokeStyle = palette.outline;
    pen.stroke();
  }
}

function labelOf({ robots, markerPx, nowMs }: DetailContext, i: number, names: boolean): string {
  const { fleet } = robots;
  const isStill = fleet.statuses[i] === SILENT || fleet.statuses[i] === OFFLINE;
  const age = isStill && markerPx >= 10 ? formatAge(ageNow(fleet.ageSeconds[i] ?? NaN, fleet.readAtMs, nowMs)) : '';
  const name = names ? shorten(fleet.robotIds[i] ?? '') : '';
  return name !== '' && age !== '' ? `${name} · ${age}` : name || age;
}

function drawLabel({ pen, palette }: DetailContext, { text, xPx, yPx }: Label): void {
  pen.lineWidth = 3;
  pen.lineJoin = 'round';
  pen.strokeStyle = palette.textHalo;
  pen.strokeText(text, xPx, yPx);
  pen.fillStyle = palette.text;
  pen.fillText(text, xPx, yPx);
}
