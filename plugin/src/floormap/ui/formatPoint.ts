import type { MapPoint } from '@floorwatch/floorplan/transform';

/** Metres to the centimetre, as they are pasted into a ticket or a query: '12.34, -5.67'. */
export function formatPoint({ xMetres, yMetres }: MapPoint): string {
  return `${toCentimetre(xMetres)}, ${toCentimetre(yMetres)}`;
}

/** A hair below 0 is not -0.00. */
function toCentimetre(metres: number): string {
  return (Math.round(metres * 100) / 100 + 0).toFixed(2);
}
