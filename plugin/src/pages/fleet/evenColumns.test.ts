import { evenColumns } from './evenColumns';

it.each([
  [15, 1_550, 1_600, 8],
  [15, 1_230, 1_280, 8],
  [17, 1_550, 1_600, 9],
  [15, 358, 390, 2],
  [15, 3_800, 3_840, 15],
  [3, 1_550, 1_600, 3],
  [15, 0, 1_600, 1],
])('puts %i tiles on %i px of a window of %i px in %i columns', (tiles, widthPx, windowPx, columns) => {
  expect(evenColumns(tiles, widthPx, windowPx)).toBe(columns);
});
