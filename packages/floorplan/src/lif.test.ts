import { describe, expect, it } from 'vitest';
import { parseLif } from './lif.ts';

const node = (nodeId: string, mapId: string, x: number, y: number) => ({ nodeId, mapId, nodePosition: { x, y } });
const edge = (startNodeId: string, endNodeId: string) => ({
  edgeId: `${startNodeId}-${endNodeId}`,
  startNodeId,
  endNodeId,
  vehicleTypeEdgeProperties: [{ vehicleTypeId: 'AGV' }],
});
const layout = (over: object) => ({ layoutId: 'L', nodes: [], edges: [], stations: [], ...over });
/** Two floors with a lift between them, as in example 14 of LIF.md. */
const storeys = {
  metaInformation: { lifVersion: '0.11.0' },
  layouts: [
    layout({
      nodes: [node('N1', 'ground', 0, 0), node('N2', 'ground', 11, 0)],
      edges: [edge('N1', 'N2'), edge('N2', 'N3')],
    }),
    layout({ nodes: [node('N3', 'upper', 12.4, 3.4)] }),
  ],
};

describe('parseLif', () => {
  it('reads each edge as a lane, and leaves out a lift with the reason', () => {
    expect(parseLif(storeys, 'site.lif')).toEqual({
      shapes: [
        {
          type: 'lane',
          id: 'N1-N2',
          name: 'N1-N2',
          kind: 'lane',
          mapId: 'ground',
          path: [
            { xMetres: 0, yMetres: 0 },
            { xMetres: 11, yMetres: 0 },
          ],
        },
      ],
      mapIds: ['ground', 'upper'],
      leftOut: [{ id: 'N2-N3', reason: 'It leads from map ground to map upper.' }],
    });
  });

  it('places a station at its position, or else in the middle of its nodes', () => {
    const stations = [
      {
        stationId: 'S1',
        stationName: 'Dock',
        interactionNodeIds: ['N1'],
        stationPosition: { x: 1, y: 2, theta: 1.57 },
      },
      { stationId: 'S2', interactionNodeIds: ['N1', 'N2'] },
    ];
    const site = { layouts: [layout({ nodes: storeys.layouts[0]?.nodes, stations })] };
    expect(parseLif(site, 'site.lif').shapes).toMatchObject([
      {
        type: 'station',
        id: 'S1',
        name: 'Dock',
        mapId: 'ground',
        at: { xMetres: 1, yMetres: 2 },
        headingRadians: 1.57,
      },
      { type: 'station', id: 'S2', name: 'S2', at: { xMetres: 5.5, yMetres: 0 }, headingRadians: null },
    ]);
  });

  it('normalises the heading of a station to (−π, π]', () => {
    const stations = [{ stationId: 'S', stationPosition: { x: 0, y: 0, theta: -4 } }];
    const [station] = parseLif({ layouts: [layout({ stations })] }, 'site.lif').shapes;
    expect(station?.type === 'station' ? station.headingRadians : null).toBeCloseTo(2 * Math.PI - 4, 12);
  });

  it('treats null as an empty list, and an empty mapId as absent', () => {
    const nodes = [node('N1', '', 0, 0), { ...node('N2', 'g', 1, 0), mapId: null }];
    const edges = [{ ...edge('N1', 'N2'), vehicleTypeEdgeProperties: null }];
    const site = { layouts: [layout({ nodes, edges, stations: null })] };
    expect(parseLif(site, 'site.lif')).toMatchObject({ shapes: [{ id: 'N1-N2', mapId: null }], leftOut: [] });
  });

  it('leaves out a station on two maps, and an edge from a node without a map', () => {
    const nodes = [node('N1', 'ground', 0, 0), node('N2', 'upper', 4, 0), { ...node('N3', '', 0, 0), mapId: null }];
    const stations = [{ stationId: 'S', interactionNodeIds: ['N1', 'N2'] }];
    const site = { layouts: [layout({ nodes, edges: [edge('N3', 'N1')], stations })] };
    expect(parseLif(site, 'site.lif')).toEqual({
      shapes: [],
      mapIds: ['ground', 'upper'],
      leftOut: [
        { id: 'N3-N1', reason: 'It leads from no map to map ground.' },
        { id: 'S', reason: 'It is served from map ground and from map upper.' },
      ],
    });
  });

  it('accepts a node that is defined twice with the same values', () => {
    const nodes = [node('N1', 'g', 0, 0), node('N1', 'g', 0, 0), node('N2', 'g', 1, 0)];
    expect(parseLif({ layouts: [layout({ nodes, edges: [edge('N1', 'N2')] })] }, 'site.lif').shapes).toHaveLength(1);
  });

  it('reads the trajectory of an edge as a path', () => {
    const trajectory = {
      degree: 2,
      knotVector: [0, 0, 0, 1, 1, 1],
      controlPoints: [
        { x: 0, y: 0 },
        { x: 5, y: 5 },
        { x: 10, y: 0 },
      ],
    };
    const curved = { ...edge('N1', 'N2'), vehicleTypeEdgeProperties: [{ trajectory }] };
    const site = { layouts: [layout({ nodes: storeys.layouts[0]?.nodes, edges: [curved] })] };
    const [lane] = parseLif(site, 'site.lif').shapes;
    expect(lane?.type === 'lane' ? lane.path[16] : null).toEqual({ xMetres: 5, yMetres: 2.5 });
  });

  it.each([
    ['layouts is missing', {}],
    [
      'node N1 is defined twice, at (0, 0) on map g and at (9, 9) on map h',
      { layouts: [layout({ nodes: [node('N1', 'g', 0, 0)] }), layout({ nodes: [node('N1', 'h', 9, 9)] })] },
    ],
    ['layouts.0.nodes.0.nodePosition.y: it lies beyond', { layouts: [layout({ nodes: [node('N1', 'g', 0, 1e308)] })] }],
    [
      'layouts.0.nodes.0.nodePosition.x',
      { layouts: [layout({ nodes: [{ nodeId: 'N', nodePosition: { x: '1', y: 0 } }] })] },
    ],
    ['edge N1-N9 names node N9', { layouts: [layout({ nodes: [node('N1', 'g', 0, 0)], edges: [edge('N1', 'N9')] })] }],
    ['station S has neither', { layouts: [layout({ stations: [{ stationId: 'S' }] })] }],
  ])('rejects a file with the problem: %s', (named, json) => {
    expect(() => parseLif(json, 'site.lif')).toThrow(named);
    expect(() => parseLif(json, 'site.lif')).toThrow(/^site\.lif(:| is) /);
  });
});
