import type { ClickHouseClient } from '@clickhouse/client';
import type { MapShape, PlacedShape } from '@floorwatch/floorplan/map-shape';
import type { MapPoint } from '@floorwatch/floorplan/transform';

const TABLES = {
  zone: { table: 'zones', key: 'zone_id' },
  lane: { table: 'lanes', key: 'lane_id' },
  station: { table: 'stations', key: 'station_id' },
} as const;

export type StoredCounts = Record<MapShape['type'], number>;

/**
 * Stores shapes by id, and replaces shapes with the same id.
 * @param replacedMapIds maps on which all other stored shapes are hidden
 */
export async function storeShapes(
  client: ClickHouseClient,
  shapes: readonly PlacedShape[],
  replacedMapIds: readonly string[]
): Promise<StoredCounts> {
  const stored: StoredCounts = { zone: 0, lane: 0, station: 0 };
  for (const type of ['zone', 'lane', 'station'] as const) {
    const { table, key } = TABLES[type];
    const rows = shapes.filter((shape) => shape.type === type).map((shape) => rowOf(shape));
    // Inserts new shapes before it hides old ones, so that a concurrent reader never sees an empty map.
    if (rows.length > 0) await client.insert({ table, values: rows, format: 'JSONEachRow' });
    stored[type] = rows.length;
    if (replacedMapIds.length > 0) {
      const kept = shapes.filter((shape) => shape.type === type).map((shape) => `${shape.mapId}\n${shape.id}`);
      await client.command({
        query: `INSERT INTO ${table} (map_id, ${key}, deleted)
          SELECT DISTINCT map_id, ${key}, 1 FROM ${table}
          WHERE map_id IN {mapIds:Array(String)} AND NOT has({kept:Array(String)}, concat(map_id, '\\n', ${key}))`,
        query_params: { mapIds: replacedMapIds, kept },
      });
    }
  }
  return stored;
}

function rowOf(shape: PlacedShape): Record<string, unknown> {
  const { mapId: map_id, name, kind } = shape;
  const row = { map_id, [TABLES[shape.type].key]: shape.id, name, kind };
  switch (shape.type) {
    case 'zone':
      return { ...row, polygon: shape.corners.map(place) };
    case 'lane':
      return { ...row, path: shape.path.map(place) };
    case 'station':
      return { ...row, ...place(shape.at), theta: shape.headingRadians };
  }
}

function place({ xMetres: x, yMetres: y }: MapPoint): { x: number; y: number } {
  return { x, y };
}
