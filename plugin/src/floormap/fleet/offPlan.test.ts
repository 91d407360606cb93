import type { PlanGeometry } from '@floorwatch/floorplan/transform';
import { areOutOfSight } from '../interaction/useOutOfSight';
import { findOffPlan } from './offPlan';
import { testFleet } from './testFleet';

/** 10 m × 5 m from 0, 0, turned by 90°: it reaches from −5 m to 0 m, and up to 10 m. */
const PLAN: PlanGeometry = {
  widthPixels: 100,
  heightPixels: 50,
  metresPerPixel: 0.1,
  originXMetres: 0,
  originYMetres: 0,
  yawRadians: Math.PI / 2,
};
const fleet = testFleet([
  { robot_id: 'on', x: -2, y: 9 },
  { robot_id: 'beside', x: 2, y: 9 },
  { robot_id: 'millimetres', x: -2_000, y: 9_000 },
  { robot_id: 'nowhere' },
]);

it('counts robots beside a turned plan, which a view of the plan does not show', () => {
  const { robots, bounds } = findOffPlan(PLAN, fleet, Uint8Array.of(1, 1, 1, 0));
  expect(robots).toBe(2);
  expect([bounds?.minX, bounds?.maxX, bounds?.maxY]).toEqual([-2_000, 2, 9_000]);
});

it('counts without a plan those far from the others, and none that has no place on this floor', () => {
  expect(findOffPlan(null, fleet, Uint8Array.of(1, 1, 1, 0)).robots).toBe(1);
  expect(findOffPlan(null, fleet, Uint8Array.of(1, 1, 0, 0)).robots).toBe(0);
  expect(findOffPlan(PLAN, fleet, Uint8Array.of(1, 0, 0, 0)).robots).toBe(0);
});

it.each([
  ['a robot is in sight', [1, 1], false],
  ['all are elsewhere', [0, 1], true],
  ['none is shown at all', [0, 0], false],
])('reports that the view shows no robot: %s', (_, shown, isOut) => {
  const view = { widthPx: 100, heightPx: 100, centreXMetres: 0, centreYMetres: 0, pxPerMetre: 10 };
  const robots = { xMetres: Float64Array.of(1, 50), yMetres: Float64Array.of(1, 0), isShown: Uint8Array.from(shown) };
  expect(areOutOfSight(view, robots)).toBe(isOut);
});
