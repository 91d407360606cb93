import type { MapShape, Zone } from '@floorwatch/floorplan/map-shape';
import type { MapPoint } from '@floorwatch/floorplan/transform';
import { isInside } from './area';

/** The zone at a place, the smallest where some lie over one another; null outside of all. */
export function zoneAt(shapes: readonly MapShape[], { xMetres, yMetres }: MapPoint): Zone | null {
  const around = zonesOf(shapes).filter(({ corners }) => isInside(corners, xMetres, yMetres));
  return around.reduce<Zone | null>(
    (smallest, zone) => (smallest && areaOf(smallest.corners) <= areaOf(zone.corners) ? smallest : zone),
    null
  );
}

/** What to call a zone that may have no name. */
export function nameOfZone({ name, id }: Zone): string {
  return name || id;
}

/** The zones of a floor in the order of their names. */
export function zonesOf(shapes: readonly MapShape[]): Zone[] {
  return shapes
    .filter((shape) => shape.type === 'zone')
    .sort((a, b) => nameOfZone(a).localeCompare(nameOfZone(b), undefined, { numeric: true }));
}

/** Square metres, by the shoelace formula. */
function areaOf(corners: readonly MapPoint[]): number {
  const twice = corners.reduce((sum, corner, k) => {
    const before = corners.at(k - 1) ?? corner;
    return sum + before.xMetres * corner.yMetres - corner.xMetres * before.yMetres;
  }, 0);
  return Math.abs(twice) / 2;
}
