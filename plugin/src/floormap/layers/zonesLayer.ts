import type { Lane, Station, Zone } from '@floorwatch/floorplan/map-shape';
import type { MapPoint } from '@floorwatch/floorplan/transform';
import { statusIndex, type Status } from '../fleet/status';
import { midOfPath } from '../geometry/shapeGeometry';
import { toScreen, type Viewport } from '../geometry/viewport';
import type { Palette } from '../paint/palette';
import { drawableShapes } from './drawableShapes';
import type { MapLayer } from './mapLayer';

/** Zones, lanes and stations. Their names are written above the robots. */
export const zonesLayer: MapLayer = {
  name: 'zones',
  canvas: 'plan',
  shows: ['shapes'],
  create:
    () =>
    (pen, { view, scene: { shapes, palette } }) => {
      for (const { shape, isTwoWay } of drawableShapes(shapes)) {
        if (shape.type === 'zone') drawZone(pen, view, shape, palette);
        else if (shape.type === 'lane') drawLane(pen, view, shape, isTwoWay, palette);
        else drawStation(pen, view, shape, palette);
      }
    },
};

/** Kinds that say what robots must not do, or do with care, borrow the colours of the statuses that people know. */
const COLOUR_OF_KIND: Partial<Record<string, Status>> = {
  blocked: 'error',
  keepout: 'error',
  speed_limit: 'charging',
  penalty: 'charging',
  charging: 'charging',
};
const FORBIDDEN = new Set(['blocked', 'keepout']);
const HATCH_PX = 9;
export const STATION_PX = 9;

function drawZone(pen: CanvasRenderingContext2D, view: Viewport, zone: Zone, palette: Palette): void {
  const outline = pathOf(view, zone.corners);
  outline.closePath();
  pen.strokeStyle = pen.fillStyle = colourOfKind(zone.kind, palette);
  pen.globalAlpha = 0.12;
  pen.fill(outline);
  pen.globalAlpha = 0.5;
  // Hatching marks a forbidden area without relying on colour.
  if (FORBIDDEN.has(zone.kind)) hatch(pen, view, zone.corners, outline);
  pen.globalAlpha = 0.9;
  pen.lineWidth = 1.5;
  pen.setLineDash([6, 3]);
  pen.stroke(outline);
  pen.setLineDash([]);
}

/** Slanted lines across what is on screen of an area. */
function hatch(pen: CanvasRenderingContext2D, view: Viewport, corners: readonly MapPoint[], outline: Path2D): void {
  const places = corners.map((corner) => toScreen(view, corner));
  const xs = places.map(({ xPx }) => Math.min(view.widthPx, Math.max(0, xPx)));
  const ys = places.map(({ yPx }) => Math.min(view.heightPx, Math.max(0, yPx)));
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const slant = bottom - top;
  const lines = new Path2D();
  for (let x = Math.floor((left - slant) / HATCH_PX) * HATCH_PX; x < right; x += HATCH_PX) {
    lines.moveTo(x, bottom);
    lines.lineTo(x + slant, top);
  }
  pen.save();
  pen.clip(outline);
  pen.lineWidth = 1;
  pen.stroke(lines);
  pen.restore();
}

function drawLane(
  pen: CanvasRenderingContext2D,
  view: Viewport,
  lane: Lane,
  isTwoWay: boolean,
  palette: Palette
): void {
  pen.strokeStyle = pen.fillStyle = palette.text;
  pen.globalAlpha = 0.4;
  pen.lineWidth = 1.5;
  pen.stroke(pathOf(view, lane.path));
  if (isTwoWay) return;
  const middle = midOfPath(lane.path);
  const { xPx, yPx } = toScreen(view, middle);
  pen.globalAlpha = 0.7;
  pen.beginPath();
  // Screen y runs down: the turn is the other way round.
  for (const [forward, side] of [
    [5, 0],
    [-4, 4],
    [-4, -4],
  ] as const) {
    const [cos, sin] = [Math.cos(middle.headingRadians), Math.sin(middle.headingRadians)];
    pen.lineTo(xPx + forward * cos - side * sin, yPx - forward * sin - side * cos);
  }
  pen.fill();
}

/** A square, with a tick towards where a robot faces in it. */
function drawStation(pen: CanvasRenderingContext2D, view: Viewport, station: Station, palette: Palette): void {
  const { xPx, yPx } = toScreen(view, station.at);
  pen.globalAlpha = 0.9;
  pen.lineWidth = 2;
  pen.strokeStyle = colourOfKind(station.kind, palette);
  pen.strokeRect(xPx - STATION_PX / 2, yPx - STATION_PX / 2, STATION_PX, STATION_PX);
  if (station.headingRadians === null) return;
  pen.beginPath();
  pen.moveTo(xPx, yPx);
  pen.lineTo(xPx + STATION_PX * Math.cos(station.headingRadians), yPx - STATION_PX * Math.sin(station.headingRadians));
  pen.stroke();
}

export function colourOfKind(kind: string, palette: Palette): string {
  const status = COLOUR_OF_KIND[kind];
  return status ? (palette.statusFill[statusIndex(status)] ?? '') : palette.selection;
}

function pathOf(view: Viewport, points: readonly MapPoint[]): Path2D {
  const path = new Path2D();
  for (const point of points) {
    const { xPx, yPx } = toScreen(view, point);
    path.lineTo(xPx, yPx);
  }
  return path;
}
