import type { MapShape } from '@floorwatch/floorplan/map-shape';
import { contentBounds } from './contentBounds';
import { findOffPlan } from './offPlan';
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

it('leaves out a robot at 1,000 km, which would leave nothing to see of the others', () => {
  const far = testFleet([
    { robot_id: 'a', x: 1, y: 1 },
    { robot_id: 'b', x: 19, y: 5 },
    { robot_id: 'far', x: 1e6, y: 3 },
  ]);
  const all = Uint8Array.from([1, 1, 1]);
  expect(contentBounds(null, [], far, all)).toEqual(bounds(0, 0, 20, 20));
  expect(findOffPlan(null, far, all)).toMatchObject({ robots: 1, bounds: { maxX: 1e6 } });
});

it('leaves out nobody of two robots, and of a hall of 600 m', () => {
  expect(contentBounds(null, [], fleet(900), BOTH)?.maxX).toBe(900);
  const rows = Array.from({ length: 50 }, (_, k) => ({ robot_id: `r${k}`, x: k * 12, y: 0 }));
  expect(findOffPlan(null, testFleet(rows), new Uint8Array(50).fill(1)).robots).toBe(0);
});
