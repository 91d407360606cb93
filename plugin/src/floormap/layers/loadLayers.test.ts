import { LoadingState, toDataFrame, type PanelData } from '@grafana/data';
import { NEW_LAYER, READY_LAYERS, type HeatLayer } from './heatLayer';
import { formatCell } from './useLayers';
import { loadFromFrames, shiftOf } from './useCells';
import { withoutLayers } from './useRobotData';

const cells = (refId: string, values: number[]) =>
  toDataFrame({
    refId,
    fields: [
      { name: 'x', values: values.map((_, i) => i) },
      { name: 'y', values: values.map(() => 0) },
      { name: 'value', values },
    ],
  });
const layer: HeatLayer = { ...NEW_LAYER, name: 'Heat', source: { kind: 'query', refId: 'B' } };
const robots = toDataFrame({ refId: 'A', fields: [{ name: 'robot_id', values: ['r'] }] });

describe('a layer of the panel’s queries', () => {
  it('holds the cells of its own query', () => {
    const { cells: loaded, problem } = loadFromFrames({ series: [robots, cells('B', [4, 5])] }, layer, 'B', null);
    expect([...loaded.values]).toEqual([4, 5]);
    expect(problem).toBe('');
  });

  it('shows A − B of two queries', () => {
    const series = [cells('B', [4, 5]), cells('C', [1, 9])];
    const { cells: loaded } = loadFromFrames({ series }, { ...layer, compareWith: 'C' }, 'B', null);
    expect([...loaded.values]).toEqual([3, -4]);
  });

  it('is empty without rows, and says which query failed or what it lacks', () => {
    const none = loadFromFrames({ series: [toDataFrame({ refId: 'B', fields: [] })] }, layer, 'B', null);
    expect([none.cells.values.length, none.problem]).toEqual([0, '']);
    const failed = loadFromFrames({ series: [], errors: [{ refId: 'B', message: 'no' }] }, layer, 'B', null);
    expect(failed.problem).toMatch(/^Layer Heat: query B failed/);
    const lacking = loadFromFrames({ series: [{ ...robots, refId: 'B' }] }, layer, 'B', null);
    expect(lacking.problem).toBe('Layer Heat: query B has no field x and y and value (it has robot_id).');
  });
});

it('keeps frames and failures of layers away from the robots', () => {
  const data = {
    state: LoadingState.Error,
    series: [cells('B', [1]), robots],
    errors: [{ refId: 'B', message: 'no' }],
    error: { refId: 'B', message: 'no' },
  } as unknown as PanelData;
  const { series, errors, error } = withoutLayers(data, [layer]);
  expect([series, errors, error]).toEqual([[robots], [], undefined]);
  const own = { ...data, series: [robots], errors: [] } as PanelData;
  expect(withoutLayers(own, READY_LAYERS)).toBe(own);
});

it('compares with spans of time, and says what is none', () => {
  expect([shiftOf('12h'), shiftOf('1d'), shiftOf('1w')]).toEqual([12, 24, 168].map((hours) => hours * 3_600_000));
  expect(() => shiftOf('yesterday')).toThrow('"yesterday" is no span of time to compare with: write 12h, 1d or 1w.');
});

it('writes a value in its unit, and a difference with its sign', () => {
  expect(formatCell({ ...layer, unit: 'percentunit' }, 0.5)).toBe('50%');
  expect(formatCell({ ...layer, unit: 's' }, 75)).toBe('1 min 15 s');
  expect(formatCell({ ...layer, unit: 's', compareWith: '1d' }, 30)).toBe('+30 s');
  expect(formatCell({ ...layer, unit: 's', compareWith: '1d' }, -30)).toBe('-30 s');
});
