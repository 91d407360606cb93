import { describe, expect, it } from 'vitest';
import { parseGeoJson } from './geojson.ts';

const feature = (type: string, coordinates: unknown, properties: object = {}) => ({
  type: 'Feature',
  properties,
  geometry: { type, coordinates },
});
const collection = (...features: object[]) => ({ type: 'FeatureCollection', features });
const square = [
  [0, 0],
  [4, 0],
  [4, 3],
  [0, 0],
];

describe('parseGeoJson', () => {
  it('reads a polygon as a zone without its closing position', () => {
    const zone = feature('Polygon', [square], { id: 7, name: 'Packing', kind: 'Blocked', map_id: 'hall' });
    expect(parseGeoJson(collection(zone), 'zones.geojson').shapes).toEqual([
      {
        type: 'zone',
        id: '7',
        name: 'Packing',
        kind: 'blocked',
        mapId: 'hall',
        corners: [
          { xMetres: 0, yMetres: 0 },
          { xMetres: 4, yMetres: 0 },
          { xMetres: 4, yMetres: 3 },
        ],
      },
    ]);
  });

  it('reads a Nav2 route graph in metres, although it names EPSG:3857', () => {
    const graph = {
      ...collection(
        feature('Point', [1.5, -2], { id: 0, frame: 'map' }),
        feature(
          'MultiLineString',
          [
            [
              [1.5, -2],
              [3, -2],
            ],
          ],
          { id: 10000, startid: 0, endid: 1 }
        )
      ),
      crs: { type: 'name', properties: { name: 'urn:ogc:def:crs:EPSG::3857' } },
    };
    expect(parseGeoJson(graph, 'graph.geojson').shapes).toMatchObject([
      { type: 'station', id: '0', at: { xMetres: 1.5, yMetres: -2 }, headingRadians: null },
      {
        type: 'lane',
        id: '10000',
        kind: 'lane',
        path: [
          { xMetres: 1.5, yMetres: -2 },
          { xMetres: 3, yMetres: -2 },
        ],
      },
    ]);
  });

  it('numbers the geometries of one feature', () => {
    const both = feature('MultiPolygon', [[square], [square]], { id: 'cold' });
    expect(parseGeoJson(both, 'zones.geojson').shapes.map(({ id, name }) => [id, name])).toEqual([
      ['cold/1', 'cold'],
      ['cold/2', 'cold'],
    ]);
  });

  it('reads several points of one feature and the geometries of a geometry collection', () => {
    const points = feature('MultiPoint', [[1, 2], [3, 4]], { id: 'p', theta: 7 }); // prettier-ignore
    const mixed = {
      type: 'Feature',
      properties: { id: 'dock' },
      geometry: {
        type: 'GeometryCollection',
        geometries: [{ type: 'Polygon', coordinates: [square] }, points.geometry],
      },
    };
    const { shapes } = parseGeoJson(collection(points, mixed), 'zones.geojson');
    expect(shapes.map(({ type, id }) => `${type} ${id}`)).toEqual([
      'station p/1',
      'station p/2',
      'zone dock/1',
      'station dock/2',
      'station dock/3',
    ]);
    const [first] = shapes;
    expect(first?.type === 'station' ? first.headingRadians : null).toBeCloseTo(7 - 2 * Math.PI, 12);
  });

  it('reads a single feature or geometry, and checks its CRS', () => {
    const { geometry } = feature('Polygon', [square]);
    expect(parseGeoJson(geometry, 'a.geojson').shapes).toMatchObject([{ type: 'zone', id: '1', kind: 'zone' }]);
    const alone = { ...feature('Point', [1, 2]), crs: { properties: { name: 'EPSG:4326' } } };
    expect(() => parseGeoJson(alone, 'a.geojson')).toThrow('crs EPSG:4326 means degrees');
  });

  it('leaves out a polygon without area', () => {
    const flat = feature('MultiPolygon', [[[[0, 0], [1, 1], [2, 2], [0, 0]]], [square]], { id: 'a' }); // prettier-ignore
    expect(parseGeoJson(flat, 'a.geojson')).toMatchObject({
      shapes: [{ id: 'a/2' }],
      leftOut: [{ id: 'a/1', reason: 'It has no area.' }],
    });
  });

  it('leaves out a feature without geometry, and treats an empty id or name as absent', () => {
    const empty = { type: 'Feature', properties: { id: '', name: '' }, geometry: null };
    const point = feature('Point', [1, 2], { id: '', name: '', kind: '', map_id: '' });
    expect(parseGeoJson(collection(empty, point), 'a.geojson')).toMatchObject({
      shapes: [{ id: '2', name: '2', kind: 'station', mapId: null }],
      leftOut: [{ id: '1', reason: 'It has no geometry.' }],
    });
  });

  it.each([
    ['CRS84', { ...collection(), crs: { properties: { name: 'urn:ogc:def:crs:OGC:1.3:CRS84' } } }],
    ['feature 1 has a hole', collection(feature('Polygon', [square, square]))],
    ['whose last position is not its first', collection(feature('Polygon', [[...square.slice(0, 3), [9, 9]]]))],
    ['features.0.geometry.geometries is missing', collection(feature('GeometryCollection', []))],
    ['features.0.geometry.type: it must be one of Point, LineString', collection(feature('Circle', [1, 2]))],
    ['features.0.geometry is missing', collection({ type: 'Feature', properties: null })],
    ['features.0.geometry.coordinates.1: it lies beyond', collection(feature('Point', [0, -1e8]))],
    ['features.0.geometry.coordinates: a position needs x and y', collection(feature('Point', []))],
    ['it must be an object, it is a list', []],
    ['features.0.geometry.coordinates.0', collection(feature('Point', ['1', 2]))],
    ['type', { type: 'Topology' }],
  ])('rejects a file with the problem: %s', (named, json) => {
    expect(() => parseGeoJson(json, 'zones.geojson')).toThrow(named);
  });
});
