import { listFloors, placeFleet } from './placement';
import { noMap, noPosition } from './reasons';
import { testFleet } from './testFleet';

const fleet = testFleet([
  { robot_id: 'a', x: 1, y: 1, map_id: 'hall' },
  { robot_id: 'b', x: 1, y: 1, map_id: 'mezzanine' },
  { robot_id: 'c', map_id: 'hall' },
  { robot_id: 'd', x: 1, y: 1 },
  { robot_id: 'e', x: 1, y: 1, map_id: 'hall', not_placed_reason: 'not localised' },
]);

it.each([null, 'hall', 'mezzanine', 'nowhere'])('placed and not placed are the whole fleet on floor %s', (mapId) => {
  const { placed, reasons } = placeFleet(fleet, mapId);
  const notPlaced = [...reasons.values()].flat().length;
  expect(placed + notPlaced).toBe(fleet.count);
});

it('gives each robot without a place its reason', () => {
  const { isPlaced, reasons } = placeFleet(fleet, 'hall');
  expect([...isPlaced]).toEqual([1, 0, 0, 0, 0]);
  expect(Object.fromEntries(reasons)).toEqual({
    'on floor mezzanine': [1],
    [noPosition()]: [2],
    [noMap()]: [3],
    'not localised': [4],
  });
});

it('draws every position while no floor is known', () => {
  expect([...placeFleet(fleet, null).isPlaced]).toEqual([1, 1, 0, 1, 0]);
});

it('lists floors, the fullest first, with the robots that each one can show', () => {
  const more = testFleet([
    { robot_id: 'a', x: 1, y: 1, map_id: 'mezzanine' },
    { robot_id: 'b', map_id: 'hall' },
    { robot_id: 'c', x: 1, y: 1, map_id: 'hall', not_placed_reason: 'not localised' },
    { robot_id: 'd', x: 1, y: 1 },
  ]);
  expect(listFloors(more)).toEqual([
    { mapId: 'mezzanine', robots: 1, worst: null },
    { mapId: 'hall', robots: 0, worst: null },
  ]);
});

it('counts on each floor what is placed there', () => {
  for (const { mapId, robots } of listFloors(fleet)) expect(placeFleet(fleet, mapId).placed).toBe(robots);
});

it('names the worst status of each floor with its robots, of those that can be drawn there', () => {
  const floors = testFleet([
    { robot_id: 'a', x: 1, y: 1, map_id: 'hall', status: 'blocked' },
    { robot_id: 'b', x: 1, y: 1, map_id: 'hall', status: 'error' },
    { robot_id: 'c', x: 1, y: 1, map_id: 'hall', status: 'error' },
    { robot_id: 'd', map_id: 'roof', status: 'error' },
  ]);
  expect(listFloors(floors).map(({ worst }) => worst)).toEqual([{ status: 'error', robots: 2 }, null]);
});

it('here, on other floors and not placed are the whole fleet', () => {
  const { placed, elsewhere } = placeFleet(fleet, 'hall');
  expect([placed, elsewhere, fleet.count - placed - elsewhere]).toEqual([1, 1, 3]);
  expect(placeFleet(fleet, null).elsewhere).toBe(0);
});
