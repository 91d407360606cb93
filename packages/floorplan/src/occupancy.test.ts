import { expect, it } from 'vitest';
import { occupancyOf } from './ros-map.ts';

const map = { negate: false, occupiedThreshold: 0.65, freeThreshold: 0.196 };

it.each([
  [254, 'free'],
  [0, 'occupied'],
  // map_saver writes this value for unknown cells.
  [205, 'unknown'],
] as const)('reads grey %i as %s', (grey, occupancy) => {
  expect(occupancyOf(map, grey)).toBe(occupancy);
});

it('swaps black and white when negated', () => {
  expect(occupancyOf({ ...map, negate: true }, 254)).toBe('occupied');
});
