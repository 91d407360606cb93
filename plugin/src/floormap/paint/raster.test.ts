import { chooseMainMemory } from './raster';

it.each([
  ['the default is slower', 3, 12, true],
  ['both take the same time', 3, 3, true],
  ['the default is only a little faster', 5, 3, true],
  ['a GPU makes the default clearly faster', 5, 1, false],
  ['nothing could be timed', NaN, NaN, true],
])('%s', (_, mainMemoryMs, defaultMs, expected) => {
  expect(chooseMainMemory(mainMemoryMs, defaultMs)).toBe(expected);
});
