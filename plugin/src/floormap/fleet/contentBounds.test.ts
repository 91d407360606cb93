import type { MapShape } from '@floorwatch/floorplan/map-shape';
import { contentBounds } from './contentBounds';
import { testFleet } from './testFleet';

const station = (xMetres: number, yMetres: number): MapShape => ({
  type: 'station',
  id: 's',
  name: 's',
  kind: 'station',
  mapId: 'hall',
  at: { xMetres, yMetres },
  headingRadians: null,
});
const fleet = (x: number) =>
  testFleet([
    { robot_id: 'a', x, y: 3 },
    { robot_id: 'b', x: 1, y: 1 },
  ]);
const BOTH = Uint8Array.from([1, 1]);
const bounds = (...[minX, minY, maxX, maxY]: number[]) => ({ minX, minY, maxX, maxY });

it('is the surroundings of the placed robots, in steps, so that a fleet on the move does not move the view', () => {
  expect(contentBounds(null, [], fleet(21), BOTH)).toEqual(bounds(0, 0, 40, 20));
  expect(contentBounds(null, [], fleet(21), Uint8Array.from([0, 1]))).toEqual(bounds(0, 0, 20, 20));
  expect(contentBounds(null, [], fleet(21), new Uint8Array(2))).toBeNull();
});

it('is the zones of a floor without a plan, and the robots beside them', () => {
  const shapes = [station(-5, 0), station(30, 8)];
  expect(contentBounds(null, shapes, fleet(21), BOTH)).toEqual(bounds(-5, 0, 30, 8));
  expect(contentBounds(null, shapes, fleet(50), BOTH)).toEqual(bounds(-5, 0, 60, 20));
  expect(contentBounds(null, shapes, fleet(50), new Uint8Array(2))).toEqual(bounds(-5, 0, 30, 8));
});

it('is the plan where there is one', () => {
  const plan = {
    widthPixels: 100,
    heightPixels: 50,
    metresPerPixel: 0.1,
    originXMetres: 1,
    originYMetres: 2,
    yawRadians: 0,
  };
  expect(contentBounds(plan, [station(99, 99)], fleet(50), BOTH)).toEqual(bounds(1, 2, 11, 7));
});
