/**
 * GeoJSON with coordinates in metres of the map frame. Nav2 writes its route graphs this way, although they name EPSG:3857.
 * A file in degrees (EPSG:4326, CRS84) is invalid, because degrees have no position on a floor.
 */
import { z } from 'zod';
import { firstProblem, metres } from './foreign-json.ts';
import { normaliseRadians } from './map-frame.ts';
import { hasArea, type MapShape, type PlanShapes } from './map-shape.ts';
import { PlanError } from './plan-error.ts';
import type { MapPoint } from './transform.ts';

const position = z.array(metres).min(2, 'a position needs x and y');
const line = z.array(position).min(2, 'a line needs at least 2 positions');
const ring = z.array(position).min(4, 'a ring needs at least 4 positions');
const polygon = z.array(ring).min(1, 'a polygon needs a ring');
const NONE = 'it is empty';
const simple = [
  z.object({ type: z.literal('Point'), coordinates: position }),
  z.object({ type: z.literal('LineString'), coordinates: line }),
  z.object({ type: z.literal('Polygon'), coordinates: polygon }),
  z.object({ type: z.literal('MultiPoint'), coordinates: z.array(position).min(1, NONE) }),
  z.object({ type: z.literal('MultiLineString'), coordinates: z.array(line).min(1, NONE) }),
  z.object({ type: z.literal('MultiPolygon'), coordinates: z.array(polygon).min(1, NONE) }),
] as const;
const SIMPLE_TYPES = simple.map(({ shape }) => shape.type.value);
const unknownType = (expected: readonly string[]) => ({
  error: ({ code }: { code: string }) =>
    code === 'invalid_union' ? `it must be one of ${expected.join(', ')}` : undefined,
});
const geometries = z.object({
  type: z.literal('GeometryCollection'),
  geometries: z.array(z.discriminatedUnion('type', simple, unknownType(SIMPLE_TYPES))).min(1, NONE),
});
const GEOMETRY_TYPES: readonly unknown[] = [...SIMPLE_TYPES, 'GeometryCollection'];
const geometry = z.discriminatedUnion(
  'type',
  [...simple, geometries],
  unknownType([...SIMPLE_TYPES, 'GeometryCollection'])
);
const label = z
  .union([z.string(), z.number()], 'it must be text or a number')
  .transform((text) => (text === '' ? null : String(text)))
  .nullish();
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
  geometry: geometry.nullable(),
});
const collection = z.object({
  type: z.literal('FeatureCollection'),
  crs: z.object({ properties: z.object({ name: z.string() }) }).nullish(),
  features: z.array(feature),
});

type Feature = z.infer<typeof feature>;
type Geometry = z.infer<typeof geometry>;
type Named = Pick<MapShape, 'id' | 'name' | 'kind' | 'mapId'>;

/**
 * Polygons become zones, lines become lanes, points become stations. Reads the properties `id`, `name`, `kind`, `map_id`
 * and, of a point, `theta`. Geometries of a multi-geometry or a geometry collection are numbered: `id/1`, `id/2`. A feature
 * without a geometry or a polygon without area is left out, and `leftOut` names it.
 * @param file file name for errors
 * @throws PlanError with the file and the feature
 */
export function parseGeoJson(json: unknown, file: string): PlanShapes {
  const { data, error } = collection.safeParse(asCollection(json));
  if (error) throw new PlanError(file, `is not GeoJSON of points, lines and polygons (${firstProblem(error, 'it')})`);
  const crs = data.crs?.properties.name ?? '';
  if (/4326|CRS84/i.test(crs)) {
    throw new PlanError(
      file,
      `crs ${crs} means degrees of longitude and latitude. Convert the coordinates to metres of the map frame.`
    );
  }
  const found: PlanShapes = { shapes: [], mapIds: [], leftOut: [] };
  for (const [index, one] of data.features.entries()) {
    const id = one.properties?.id ?? one.id ?? String(index + 1);
    if (one.geometry === null) found.leftOut.push({ id, reason: 'It has no geometry.' });
    else {
      for (const shape of shapesOf(one, id, simpleGeometriesOf(one.geometry), file)) {
        if (shape.type !== 'zone' || hasArea(shape.corners)) found.shapes.push(shape);
        else found.leftOut.push({ id: shape.id, reason: 'It has no area.' });
      }
    }
  }
  const mapIds = data.features.map((one) => one.properties?.map_id ?? null).filter((mapId) => mapId !== null);
  return { ...found, mapIds: [...new Set(mapIds)] };
}

/** Wraps a single feature or geometry in a collection. */
function asCollection(json: unknown): unknown {
  if (typeof json !== 'object' || json === null || !('type' in json)) return json;
  const one = { type: 'FeatureCollection', crs: 'crs' in json ? json.crs : null };
  if (json.type === 'Feature') return { ...one, features: [json] };
  if (GEOMETRY_TYPES.includes(json.type)) return { ...one, features: [{ type: 'Feature', geometry: json }] };
  return json;
}

type SimpleGeometry =
  | { type: 'Point'; coordinates: number[] }
  | { type: 'LineString'; coordinates: number[][] }
  | { type: 'Polygon'; coordinates: number[][][] };

function simpleGeometriesOf(shape: Geometry): SimpleGeometry[] {
  switch (shape.type) {
    case 'MultiPoint':
      return shape.coordinates.map((coordinates) => ({ type: 'Point', coordinates }));
    case 'MultiLineString':
      return shape.coordinates.map((coordinates) => ({ type: 'LineString', coordinates }));
    case 'MultiPolygon':
      return shape.coordinates.map((coordinates) => ({ type: 'Polygon', coordinates }));
    case 'GeometryCollection':
      return shape.geometries.flatMap(simpleGeometriesOf);
    default:
      return [shape];
  }
}

function shapesOf(
  { properties: given }: Feature,
  id: string,
  simpleGeometries: readonly SimpleGeometry[],
  file: string
): MapShape[] {
  const named = (index: number, kind: string): Named => ({
    id: simpleGeometries.length > 1 ? `${id}/${index + 1}` : id,
    name: given?.name ?? id,
    kind: (given?.kind ?? kind).toLowerCase(),
    mapId: given?.map_id ?? null,
  });
  const theta = given?.theta ?? null;
  const headingRadians = theta === null ? null : normaliseRadians(theta);
  return simpleGeometries.map(({ type, coordinates }, index) => {
    switch (type) {
      case 'Point':
        return { type: 'station', ...named(index, 'station'), at: placeOf(coordinates), headingRadians };
      case 'LineString':
        return { type: 'lane', ...named(index, 'lane'), path: coordinates.map(placeOf) };
      case 'Polygon':
        return { type: 'zone', ...named(index, 'zone'), corners: cornersOf(coordinates, id, file) };
    }
  });
}

/** The outer ring without its closing position. */
function cornersOf(rings: readonly number[][][], id: string, file: string): MapPoint[] {
  const [outer = [], hole] = rings;
  if (hole) throw new PlanError(file, `feature ${id} has a hole, which a zone cannot have. Split the polygon.`);
  const [first, last] = [outer[0], outer.at(-1)];
  if (first?.[0] !== last?.[0] || first?.[1] !== last?.[1]) {
    throw new PlanError(file, `feature ${id} has a ring whose last position is not its first`);
  }
  return outer.slice(0, -1).map(placeOf);
}

function placeOf([x = NaN, y = NaN]: readonly number[]): MapPoint {
  return { xMetres: x, yMetres: y };
}
