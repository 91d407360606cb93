import type { Lane, MapShape, Station, Zone } from '@floorwatch/ingestor/plans/map-shape';
import type { MapPoint } from '@floorwatch/ingestor/plans/transform';
import { statusIndex, type Status } from '../fleet/status';
import { labelPoint, midOfPath } from '../geometry/shapeGeometry';
import { toScreen, type Viewport } from '../geometry/viewport';
import type { Palette } from '../paint/palette';

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
export const STATION_PX = 9;
/** A station's name may be as wide as this, where no other station is nearer. */
const STATION_SPAN_METRES = 3;

export function prepareShapes(shapes: readonly MapShape[]): DrawableShape[] {
  const ways = new Set(
    shapes.filter((shape) => shape.type === 'lane').map(({ path }) => wayKey(path.at(0), path.at(-1)))
  );
  const named = new Set<string>();
  const roomMetres = gapsBetween(shapes.filter((shape) => shape.type === 'station'));
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
      const spanMetres = Math.min(STATION_SPAN_METRES, roomMetres.get(shape) ?? Infinity);
      return { shape, labelAt: shape.at, spanMetres, isTwoWay: false, isNamed: true };
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

function drawZone(pen: CanvasRenderingContext2D, view: Viewport, zone: Zone, palette: Palette): void {
  const outline = pathOf(view, zone.corners);
  outline.closePath();
  pen.strokeStyle = pen.fillStyle = colourOfKind(zone.kind, palette);
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

function spanOf(points: readonly MapPoint[]): number {
  const xs = points.map(({ xMetres }) => xMetres);
  const ys = points.map(({ yMetres }) => yMetres);
  return Math.max(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys));
}

/** Metres from each station to the nearest other place; stations that stand further apart than a name reaches have none. */
function gapsBetween(stations: readonly Station[]): Map<MapShape, number> {
  const byX = stations.toSorted((a, b) => a.at.xMetres - b.at.xMetres);
  const gaps = new Map<MapShape, number>();
  const note = (station: Station, metres: number) =>
    void gaps.set(station, Math.min(metres, gaps.get(station) ?? Infinity));
  for (const [k, station] of byX.entries()) {
    for (let next = k + 1; next < byX.length; next++) {
      const other = byX[next] ?? station;
      const across = other.at.xMetres - station.at.xMetres;
      if (across >= STATION_SPAN_METRES) break;
      const metres = Math.hypot(across, other.at.yMetres - station.at.yMetres);
      if (metres === 0) continue;
      note(station, metres);
      note(other, metres);
    }
  }
  return gaps;
}

function wayKey(from: MapPoint | undefined, to: MapPoint | undefined): string {
  return [from?.xMetres, from?.yMetres, to?.xMetres, to?.yMetres].join(' ');
}
