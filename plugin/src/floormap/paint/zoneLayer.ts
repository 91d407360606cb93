import type { Lane, MapShape, Station, Zone } from '@floorwatch/ingestor/plans/map-shape';
import type { MapPoint } from '@floorwatch/ingestor/plans/transform';
import { statusIndex, type Status } from '../fleet/status';
import { labelPoint, midOfPath } from '../geometry/shapeGeometry';
import { toScreen, type Viewport } from '../geometry/viewport';
import type { Palette } from './palette';

/** A shape with what its drawing needs, worked out once. */
export interface DrawableShape {
  shape: MapShape;
  /** Where its name stands. */
  labelAt: MapPoint;
  /** Longest side in metres: a name is written only where it fits. */
  spanMetres: number;
  /** A lane whose way back is a lane too: it needs no arrow, and the pair one name. */
  isTwoWay: boolean;
  isNamed: boolean;
}

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
const STATION_PX = 9;
const FONT = '600 11px Inter, Helvetica, Arial, sans-serif';
/** Width of a letter in this font, for judging whether a name fits. */
const LETTER_PX = 6.5;
/** More names than this are noise, and each costs as much as thirty markers. */
const MAX_NAMES = 80;

export function prepareShapes(shapes: readonly MapShape[]): DrawableShape[] {
  const ways = new Set(
    shapes.filter((shape) => shape.type === 'lane').map(({ path }) => wayKey(path.at(0), path.at(-1)))
  );
  const named = new Set<string>();
  return shapes.map((shape) => {
    if (shape.type === 'zone') {
      return {
        shape,
        labelAt: labelPoint(shape.corners),
        spanMetres: spanOf(shape.corners),
        isTwoWay: false,
        isNamed: true,
      };
    }
    if (shape.type === 'station') {
      return { shape, labelAt: shape.at, spanMetres: 3, isTwoWay: false, isNamed: true };
    }
    const [start, end] = [shape.path.at(0), shape.path.at(-1)];
    const isNamed = !named.has(wayKey(end, start));
    named.add(wayKey(start, end));
    const isTwoWay = ways.has(wayKey(end, start));
    return { shape, labelAt: midOfPath(shape.path), spanMetres: spanOf(shape.path), isTwoWay, isNamed };
  });
}

/** Areas, ways and places under the robots. The pen is in CSS pixels. */
export function drawShapes(
  pen: CanvasRenderingContext2D,
  view: Viewport,
  shapes: readonly DrawableShape[],
  palette: Palette
): void {
  pen.save();
  for (const { shape, isTwoWay } of shapes) {
    if (shape.type === 'zone') drawZone(pen, view, shape, palette);
    else if (shape.type === 'lane') drawLane(pen, view, shape, isTwoWay, palette);
    else drawStation(pen, view, shape, palette);
  }
  pen.restore();
}

/**
 * Names with the number of robots there, where they fit.
 * @param robotsIn robots in each shape, by its index
 */
export function drawShapeNames(
  pen: CanvasRenderingContext2D,
  view: Viewport,
  shapes: readonly DrawableShape[],
  robotsIn: Uint32Array,
  palette: Palette
): void {
  pen.save();
  Object.assign(pen, { font: FONT, textAlign: 'center', textBaseline: 'middle', lineWidth: 3, lineJoin: 'round' });
  pen.strokeStyle = palette.textHalo;
  let names = 0;
  for (const [k, { shape, labelAt, spanMetres, isNamed }] of shapes.entries()) {
    const robots = robotsIn[k] ?? 0;
    const text = robots > 0 ? `${shape.name} · ${robots}` : shape.name;
    if (!isNamed || text.length * LETTER_PX > spanMetres * view.pxPerMetre) continue;
    const { xPx, yPx } = toScreen(view, labelAt);
    if (!(xPx > 0 && yPx > 0 && xPx < view.widthPx && yPx < view.heightPx)) continue;
    const below = shape.type === 'zone' ? 0 : STATION_PX + 5;
    pen.strokeText(text, xPx, yPx + below);
    pen.fillStyle = shape.type === 'zone' ? colourOf(shape.kind, palette) : palette.text;
    pen.fillText(text, xPx, yPx + below);
    if (++names === MAX_NAMES) break;
  }
  pen.restore();
}

function drawZone(pen: CanvasRenderingContext2D, view: Viewport, zone: Zone, palette: Palette): void {
  const outline = pathOf(view, zone.corners);
  outline.closePath();
  pen.strokeStyle = pen.fillStyle = colourOf(zone.kind, palette);
  pen.globalAlpha = 0.12;
  pen.fill(outline);
  pen.globalAlpha = 0.5;
  // Hatching tells a forbidden area from others without its colour.
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
  pen.strokeStyle = colourOf(station.kind, palette);
  pen.strokeRect(xPx - STATION_PX / 2, yPx - STATION_PX / 2, STATION_PX, STATION_PX);
  if (station.headingRadians === null) return;
  pen.beginPath();
  pen.moveTo(xPx, yPx);
  pen.lineTo(xPx + STATION_PX * Math.cos(station.headingRadians), yPx - STATION_PX * Math.sin(station.headingRadians));
  pen.stroke();
}

function colourOf(kind: string, palette: Palette): string {
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

function spanOf(points: readonly MapPoint[]): number {
  const xs = points.map(({ xMetres }) => xMetres);
  const ys = points.map(({ yMetres }) => yMetres);
  return Math.max(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys));
}

function wayKey(from: MapPoint | undefined, to: MapPoint | undefined): string {
  return [from?.xMetres, from?.yMetres, to?.xMetres, to?.yMetres].join(' ');
}
