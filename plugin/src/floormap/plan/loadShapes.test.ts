import { toDataFrame } from '@grafana/data';
import { readShapes, shapesQuery } from './loadShapes';

it('asks for one floor, whatever its name holds', () => {
  expect(shapesQuery("O'Hara")).toContain("FROM warehouse.v_lanes WHERE map_id = 'O\\x27Hara'");
});

it('reads zones, lanes and stations, and leaves out what has no usable points', () => {
  const frame = toDataFrame({
    fields: [
      { name: 'type', values: ['zone', 'lane', 'station', 'zone', 'lane'] },
      { name: 'id', values: ['z', 'l', 's', 'thin', 'broken'] },
      { name: 'name', values: ['Packing', 'L1', 'Dock', 'thin', 'broken'] },
      { name: 'kind', values: ['blocked', 'lane', 'station', 'zone', 'lane'] },
      { name: 'points', values: ['[[0,0],[5,0],[5,4]]', '[[0,0],[5,0]]', '[[1,2]]', '[[0,0],[1,1]]', 'oops'] },
      { name: 'theta', values: [null, null, 1.5, null, null] },
    ],
  });
  expect(readShapes(frame, 'hall')).toEqual([
    {
      type: 'zone',
      id: 'z',
      name: 'Packing',
      kind: 'blocked',
      mapId: 'hall',
      corners: [
        { xMetres: 0, yMetres: 0 },
        { xMetres: 5, yMetres: 0 },
        { xMetres: 5, yMetres: 4 },
      ],
    },
    expect.objectContaining({ type: 'lane', id: 'l' }),
    expect.objectContaining({ type: 'station', at: { xMetres: 1, yMetres: 2 }, headingRadians: 1.5 }),
  ]);
});
