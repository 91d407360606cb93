import type { Floor } from '../fleet/placement';
import { placeInRotation } from './floorAfter';

const floorsOf = (...names: string[]): Floor[] => names.map((mapId) => ({ mapId, robots: 1, worst: null }));

it('goes through all floors in the order of their names, whatever order they come in, and begins again', () => {
  const seen: string[] = [];
  let mapId: string | null = 'hall-1';
  for (let step = 0; step < 4 && mapId !== null; step++) {
    seen.push(mapId);
    // The fullest floor comes first, and that changes while robots move.
    mapId = placeInRotation(
      floorsOf(...(step % 2 ? ['hall-10', 'hall-1', 'hall-2'] : ['hall-2', 'hall-10', 'hall-1'])),
      mapId
    ).next;
  }
  expect(seen).toEqual(['hall-1', 'hall-2', 'hall-10', 'hall-1']);
});

it.each([
  ['hall-1', 'hall-01', 'x'],
  ['a', 'a\u202e'],
  ['caf\u00e9', 'cafe\u0301', 'a'],
])('leaves out none of %j: names that sort alike are floors of their own', (...names) => {
  const seen = new Set<string>();
  let mapId: string | null = names[0] ?? '';
  for (let step = 0; step < names.length && mapId !== null; step++) {
    seen.add(mapId);
    // Whatever order they come in.
    mapId = placeInRotation(floorsOf(...(step % 2 ? names : names.toReversed())), mapId).next;
  }
  expect(seen).toEqual(new Set(names));
});

it('tells the place of the floor on screen', () => {
  expect(placeInRotation(floorsOf('b', 'a', 'c'), 'c')).toEqual({ nth: 3, floors: 3, next: 'a' });
});

it('continues after a floor that its last robot has left', () => {
  expect(placeInRotation(floorsOf('a', 'c'), 'b')).toEqual({ nth: 0, floors: 2, next: 'c' });
});

it.each([
  [[], null],
  [[], 'hall'],
  [['hall'], 'hall'],
] as const)('has no other floor: %j with %s on screen', (names, mapId) => {
  expect(placeInRotation(floorsOf(...names), mapId).next).toBeNull();
});
