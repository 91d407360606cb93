/**
 * GeoJSON whose coordinates are metres of the map frame. Nav2 writes its route graphs so and names EPSG:3857 all the
 * same; a file that names degrees (EPSG:4326, CRS84) is refused, because no floor can be placed by them.
 */
import { z } from 'zod';
import { firstProblem } from '../formats/normalised.ts';
import type { MapShape, PlanShapes } from './map-shape.ts';
import { PlanError } from './plan-error.ts';
import type { MapPoint } from './transform.ts';

const position = z.array(z.number()).min(2);
const line = z.array(position).min(2);
const ring = z.array(position).min(4, 'a ring needs at least 4 positions');
const polygon = z.array(ring).min(1);
const geometry = z.discriminatedUnion('type', [
  z.object({ type: z.literal('Point'), coordinates: position }),
  z.object({ type: z.literal('LineString'), coordinates: line }),
  z.object({ type: z.literal('MultiLineString'), coordinates: z.array(line).min(1) }),
  z.object({ type: z.literal('Polygon'), coordinates: polygon }),
  z.object({ type: z.literal('MultiPolygon'), coordinates: z.array(polygon).min(1) }),
]);
const label = z.union([z.string(), z.number()]).transform(String).nullish();
const properties = z.looseObject({
  id: label,
  name: label,
  kind: label,
  map_id: label,
  theta: z.number().nullish(),
});
const feature = z.object({
  type: z.literal('Feature'),
  id: label,
  properties: properties.nullish(),
  geometry,
});
const collection = z.object({
  type: z.literal('FeatureCollection'),
  crs: z.object({ properties: z.object({ name: z.string() }) }).nullish(),
  features: z.array(feature),
});

type Feature = z.infer<typeof feature>;
type Named = Pick<MapShape, 'id' | 'name' | 'kind' | 'mapId'>;

/**
 * Polygons become zones, lines lanes, points stations; the properties `id`, `name`, `kind`, `map_id` (and `theta` of a
 * point) are read. Parts of a multi-geometry are numbered: `id/1`, `id/2`.
 * @param file the name that errors carry
 * @throws PlanError naming the file and the feature
 */
export function parseGeoJson(json: unknown, file: string): PlanShapes {
  const wrapped = isFeature(json) ? { type: 'FeatureCollection', features: [json] } : json;
  const { data, error } = collection.safeParse(wrapped);
  if (error) throw new PlanError(file, `is not GeoJSON of points, lines and polygons (${firstProblem(error)})`);
  const crs = data.crs?.properties.name ?? '';
  if (/4326|CRS84/i.test(crs)) {
    throw new PlanError(file, `crs ${crs} means degrees of longitude and latitude; metres of the map frame are needed`);
  }
  return { shapes: data.features.flatMap((one, index) => shapesOf(one, index, file)), leftOut: [] };
}

function isFeature(json: unknown): boolean {
  return typeof json === 'object' && json !== null && 'type' in json && json.type === 'Feature';
}

function shapesOf(one: Feature, index: number, file: string): MapShape[] {
  const id = one.properties?.id ?? one.id ?? String(index + 1);
  const named = (kind: string, part = ''): Named => ({
    id: id + part,
    name: one.properties?.name ?? id,
    kind: (one.properties?.kind ?? kind).toLowerCase(),
    mapId: one.properties?.map_id ?? null,
  });
  const part = (k: number, of: unknown[]): string => (of.length > 1 ? `/${k + 1}` : '');
  const shape = one.geometry;
  switch (shape.type) {
    case 'Point': {
      const headingRadians = one.properties?.theta ?? null;
      return [{ type: 'station', ...named('station'), at: placeOf(shape.coordinates), headingRadians }];
    }
    case 'LineString':
      return [{ type: 'lane', ...named('lane'), path: shape.coordinates.map(placeOf) }];
    case 'MultiLineString':
      return shape.coordinates.map((path, k, all) => ({
        type: 'lane',
        ...named('lane', part(k, all)),
        path: path.map(placeOf),
      }));
    case 'Polygon':
      return [{ type: 'zone', ...named('zone'), corners: cornersOf(shape.coordinates, id, file) }];
    case 'MultiPolygon':
      return shape.coordinates.map((rings, k, all) => ({
        type: 'zone',
        ...named('zone', part(k, all)),
        corners: cornersOf(rings, id, file),
      }));
  }
}

/** The outer ring without its closing position. */
function cornersOf(rings: readonly number[][][], id: string, file: string): MapPoint[] {
  const [outer = [], hole] = rings;
  if (hole) throw new PlanError(file, `feature ${id} has a hole, and a zone cannot have one: split it`);
  const [first, last] = [outer[0], outer.at(-1)];
  if (first?.[0] !== last?.[0] || first?.[1] !== last?.[1]) {
    throw new PlanError(file, `feature ${id} has a ring that does not end where it began`);
  }
  return outer.slice(0, -1).map(placeOf);
}

function placeOf([x = NaN, y = NaN]: readonly number[]): MapPoint {
  return { xMetres: x, yMetres: y };
}
