import type { MapPoint } from '@floorwatch/ingestor/plans/transform';

/** Metres to the centimetre, as they are pasted into a ticket or a query: '12.34, -5.67'. */
export function formatPoint({ xMetres, yMetres }: MapPoint): string {
  return `${xMetres.toFixed(2)}, ${yMetres.toFixed(2)}`;
}
