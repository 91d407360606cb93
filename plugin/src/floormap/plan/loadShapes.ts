import type { DataFrame, DataQueryRequest } from '@grafana/data';
import type { MapShape } from '@floorwatch/floorplan/map-shape';
import { sqlText } from '@floorwatch/contract/sql-text';
import { showText } from '../../grafana/showText';
import { askDatabase, orNothing, readsClickHouse } from './askDatabase';

/**
 * The zones, lanes and stations of a floor from `warehouse.v_zones`, `v_lanes` and `v_stations`, through the data
 * source of the panel's own query. None when it is not ClickHouse.
 * @throws Error in one sentence
 */
export async function loadShapes(
  request: DataQueryRequest | undefined,
  mapId: string,
  signal?: AbortSignal
): Promise<MapShape[]> {
  if (!readsClickHouse(request)) return [];
  const frame = await orNothing(askDatabase(request, shapesQuery(mapId), signal), null);
  return frame ? readShapes(frame, mapId) : [];
}

/** One query for all three. Coordinates travel as JSON text, because the data source has no arrays of its own. */
export function shapesQuery(mapId: string): string {
  const where = `WHERE map_id = ${sqlText(mapId)}`;
  const pairs = (column: string) => `toJSONString(arrayMap(p -> [p.1, p.2], ${column}))`;
  return [
    `SELECT 'zone' AS type, zone_id AS id, name, kind, ${pairs('polygon')} AS points, NULL::Nullable(Float64) AS theta FROM warehouse.v_zones ${where}`,
    `SELECT 'lane' AS type, lane_id AS id, name, kind, ${pairs('path')} AS points, NULL::Nullable(Float64) AS theta FROM warehouse.v_lanes ${where}`,
    `SELECT 'station' AS type, station_id AS id, name, kind, toJSONString([[x, y]]) AS points, theta FROM warehouse.v_stations ${where}`,
  ].join(' UNION ALL ');
}

/** The shapes of an answer; a row without usable points is left out. */
export function readShapes(frame: DataFrame, mapId: string): MapShape[] {
  const cell = (column: string, row: number) =>
    frame.fields.find((field) => field.name === column)?.values[row] as unknown;
  return Array.from({ length: frame.length }, (_, row): MapShape | null => {
    const named = {
      id: String(cell('id', row)),
      name: showText(String(cell('name', row) ?? '').trim()),
      kind: String(cell('kind', row)),
      mapId,
    };
    const points = readPoints(cell('points', row));
    const type = cell('type', row);
    if (type === 'zone' && points.length >= 3) return { type, ...named, corners: points };
    if (type === 'lane' && points.length >= 2) return { type, ...named, path: points };
    const [at] = points;
    const theta = cell('theta', row);
    return type === 'station' && at
      ? { type, ...named, at, headingRadians: typeof theta === 'number' ? theta : null }
      : null;
  }).filter((shape) => shape !== null);
}

function readPoints(json: unknown): Array<{ xMetres: number; yMetres: number }> {
  try {
    const pairs = JSON.parse(String(json)) as Array<[number, number]>;
    return pairs.map(([xMetres, yMetres]) => ({ xMetres, yMetres }));
  } catch {
    return [];
  }
}
