import type { MapShape } from '@floorwatch/floorplan/map-shape';
import { drawableShapes } from './drawableShapes';

const lane = (id: string, fromX: number, toX: number): MapShape => ({
  type: 'lane',
  id,
  name: id,
  kind: 'lane',
  mapId: 'hall',
  path: [
    { xMetres: fromX, yMetres: 0 },
    { xMetres: toX, yMetres: 0 },
  ],
});

it('gives a lane and its way back one name and no arrow', () => {
  const [there, back, onward] = drawableShapes([lane('there', 0, 5), lane('back', 5, 0), lane('onward', 5, 9)]);
  expect(there).toMatchObject({ isTwoWay: true, isNamed: true, labelAt: { xMetres: 2.5, yMetres: 0 }, spanMetres: 5 });
  expect(back).toMatchObject({ isTwoWay: true, isNamed: false });
  expect(onward).toMatchObject({ isTwoWay: false, isNamed: true });
});
