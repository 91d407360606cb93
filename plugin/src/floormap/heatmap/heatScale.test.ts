import { createTheme } from '@grafana/data';
import { placeCell } from './heatPicture';
import { createScale, listSchemes, scaleEnds, stepOf } from './heatScale';

const AUTO = { min: null, max: null };

describe('the ends of a scale', () => {
  it('run from 0 to what 98 % of the cells stay within', () => {
    const values = Float64Array.from({ length: 101 }, (_, i) => (i === 100 ? 9_000 : i));
    expect(scaleEnds(values, AUTO, false)).toEqual({ min: 0, max: 98 });
  });
  it('are those of the options', () => {
    expect(scaleEnds(Float64Array.of(5), { min: 2, max: 4 }, false)).toEqual({ min: 2, max: 4 });
  });
  it('lie equally far on both sides of zero in a comparison', () => {
    expect(scaleEnds(Float64Array.of(-8, 1, 2), AUTO, true)).toEqual({ min: -8, max: 8 });
    expect(scaleEnds(Float64Array.of(-8), { min: 0, max: 1 }, true)).toEqual({ min: -1, max: 1 });
  });
  it.each([[[]], [[0]], [[3]], [[-3]]])('are apart for %j', (values) => {
    const { min, max } = scaleEnds(Float64Array.from(values), AUTO, false);
    expect(max).toBeGreaterThan(min);
  });
});

describe.each([
  ['dark', true],
  ['light', false],
] as const)('colours in the %s theme', (mode, _) => {
  const theme = createTheme({ colors: { mode } });

  it.each(listSchemes().map(({ value }) => value))('%s goes from one colour to another', (scheme) => {
    const { colours } = createScale(Float64Array.of(1), { ...AUTO, scheme, isComparison: false }, theme);
    expect(colours.flat().every((channel) => channel >= 0 && channel <= 255)).toBe(true);
    expect(colours[0]).not.toEqual(colours.at(-1));
  });

  it('of a comparison are two, and nothing in the middle', () => {
    const scale = createScale(Float64Array.of(-2, 2), { ...AUTO, scheme: '', isComparison: true }, theme);
    const [least, none, most] = [-2, 0, 2].map((value) => scale.colours[stepOf(scale, value)]);
    expect(none?.[3]).toBe(0);
    expect([least?.[3], most?.[3]]).toEqual([255, 255]);
    expect(least?.slice(0, 3)).not.toEqual(most?.slice(0, 3));
  });

  it('of a scheme that Grafana does not have are those of another', () => {
    const { colours } = createScale(Float64Array.of(1), { ...AUTO, scheme: 'gone', isComparison: false }, theme);
    expect(colours.length).toBeGreaterThan(10);
  });
});

it('says that cells lie beyond its ends', () => {
  const scale = createScale(Float64Array.of(1, 9), { min: 2, max: 4, scheme: '', isComparison: false }, createTheme());
  expect([scale.isUnder, scale.isOver]).toEqual([true, true]);
  expect([stepOf(scale, 1), stepOf(scale, 9)]).toEqual([0, scale.colours.length - 1]);
});

it.each([
  [0, 0, '0 0', 255 * 256],
  [255, 255, '0 0', 255],
  [256, -1, '1 -1', 0],
  [-1, -256, '-1 -1', 255 * 256 + 255],
])('cell %i, %i lies in a tile with its north up', (column, row, tile, pixel) => {
  expect(placeCell(column, row)).toEqual({ tile, pixel });
});
