/** The floor of the proof: each partition has zones of its own, far enough from the others that no robots of two partitions meet. */
export const MAP_ID = 'hall';
export const SITE_ID = 'site-1';
export const PARTITIONS = 4;
const ZONES_PER_PARTITION = 3;
const ZONE_WIDTH_METRES = 6;
const ZONE_HEIGHT_METRES = 4;
const ZONE_PITCH_METRES = 12;
/** Robots keep this far from the edge of a zone. */
const MARGIN_METRES = 0.25;

export interface Zone {
  zoneId: string;
  leftMetres: number;
  bottomMetres: number;
}

export const ZONES: readonly Zone[] = Array.from({ length: PARTITIONS * ZONES_PER_PARTITION }, (_, i) => ({
  zoneId: `zone-${i}`,
  leftMetres: 2 + (i % ZONES_PER_PARTITION) * ZONE_PITCH_METRES,
  bottomMetres: 2 + Math.floor(i / ZONES_PER_PARTITION) * ZONE_PITCH_METRES,
}));

export function zoneOf(partition: number, draw: number): Zone {
  const zone = ZONES[partition * ZONES_PER_PARTITION + (draw % ZONES_PER_PARTITION)];
  if (!zone) throw new RangeError(`partition ${partition} has no zones`);
  return zone;
}

/** A place inside the zone, to the millimetre. */
export function placeIn(zone: Zone, drawX: number, drawY: number): { x: number; y: number } {
  const place = (from: number, size: number, draw: number): number =>
    Math.round((from + MARGIN_METRES) * 1000 + (draw % ((size - 2 * MARGIN_METRES) * 1000))) / 1000;
  return {
    x: place(zone.leftMetres, ZONE_WIDTH_METRES, drawX),
    y: place(zone.bottomMetres, ZONE_HEIGHT_METRES, drawY),
  };
}

export function isInside(zone: Zone, x: number, y: number): boolean {
  const [right, top] = [zone.leftMetres + ZONE_WIDTH_METRES, zone.bottomMetres + ZONE_HEIGHT_METRES];
  return x > zone.leftMetres && x < right && y > zone.bottomMetres && y < top;
}

/** Columns of `zones`. */
export function zoneRow(zone: Zone): Record<string, unknown> {
  const [left, bottom] = [zone.leftMetres, zone.bottomMetres];
  const [right, top] = [left + ZONE_WIDTH_METRES, bottom + ZONE_HEIGHT_METRES];
  const polygon = [
    { x: left, y: bottom },
    { x: right, y: bottom },
    { x: right, y: top },
    { x: left, y: top },
  ];
  return { map_id: MAP_ID, zone_id: zone.zoneId, name: zone.zoneId, kind: 'storage', polygon };
}

/** The partition whose zones lie at this height. */
export function partitionAt(yMetres: number): number {
  return Math.floor(yMetres / ZONE_PITCH_METRES);
}
