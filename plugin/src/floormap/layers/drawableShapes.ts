import type { MapShape, Station } from '@floorwatch/floorplan/map-shape';
import type { MapPoint } from '@floorwatch/floorplan/transform';
import { labelPoint, midOfPath } from '../geometry/shapeGeometry';

/** A shape with what its drawing needs, computed once. */
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

/** A station's name may be as wide as this, where no other station is nearer. */
const STATION_SPAN_METRES = 3;

/** By the shapes that they were prepared from: outlines and names are painted from the same ones. */
const PREPARED = new WeakMap<readonly MapShape[], readonly DrawableShape[]>();

/** The shapes prepared for drawing; the same answer for the same shapes. */
export function drawableShapes(shapes: readonly MapShape[]): readonly DrawableShape[] {
  const known = PREPARED.get(shapes);
  if (known) return known;
  const prepared = prepareShapes(shapes);
  PREPARED.set(shapes, prepared);
  return prepared;
}

function prepareShapes(shapes: readonly MapShape[]): DrawableShape[] {
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
