import { expect, it } from 'vitest';
import { isZoneSet, parseZoneSet } from './vda5050-zones.ts';

const vertices = [
  { x: 0, y: 0 },
  { x: 5, y: 0 },
  { x: 5, y: 4 },
];
const message = (zone: object) => ({
  headerId: 1,
  version: '3.0.0',
  zoneSet: {
    mapId: 'hall',
    zoneSetId: 'night',
    zones: [{ zoneId: 'z1', zoneType: 'SPEED_LIMIT', maximumSpeed: 0.5, vertices, ...zone }],
  },
});

it('reads a zone and uses its type as kind', () => {
  expect(isZoneSet(message({}))).toBe(true);
  expect(parseZoneSet(message({ zoneDescriptor: 'Cold store' }), 'zones.json').shapes).toEqual([
    {
      type: 'zone',
      id: 'z1',
      name: 'Cold store',
      kind: 'speed_limit',
      mapId: 'hall',
      corners: vertices.map(({ x, y }) => ({ xMetres: x, yMetres: y })),
    },
  ]);
});

it('reads a zone set without the message around it', () => {
  const { zoneSet } = message({ zoneDescriptor: '' });
  expect(isZoneSet(zoneSet)).toBe(true);
  expect(parseZoneSet(zoneSet, 'zones.json')).toEqual(parseZoneSet(message({}), 'zones.json'));
});

it('leaves out a zone without area, with the reason', () => {
  const flat = vertices.map(({ x }) => ({ x, y: x }));
  expect(parseZoneSet(message({ vertices: flat }), 'zones.json')).toEqual({
    shapes: [],
    mapIds: ['hall'],
    leftOut: [{ id: 'z1', reason: 'It has no area.' }],
  });
});

it.each([
  [
    'zoneSet.zones.0.vertices.1.x: it lies beyond',
    message({ vertices: vertices.map(({ y }, i) => ({ x: i * 1e308, y })) }),
  ],
  ['zoneSet.zones.0.vertices: a zone needs at least 3 vertices', message({ vertices: vertices.slice(1) })],
  ['zoneSet.zones.0.zoneId', message({ zoneId: undefined })],
  ['zoneSet.mapId is missing', { zoneSet: { zoneSetId: 'a', zones: [] } }],
])('rejects a file with the problem: %s', (problem, json) => {
  expect(() => parseZoneSet(json, 'zones.json')).toThrow(problem);
});
