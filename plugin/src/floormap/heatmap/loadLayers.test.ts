import { dateTime, LoadingState, toDataFrame, type DataFrame, type PanelData } from '@grafana/data';
import { NEW_LAYER, READY_LAYERS, type HeatLayer } from './heatLayer';
import { formatCell } from './useLayers';
import { loadFromFrames } from './useCells';
import { shiftOf } from './useReadyCells';
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

const RANGE = { from: dateTime(0), to: dateTime(3_600_000), raw: { from: 'now-1h', to: 'now' } };
const data = (series: DataFrame[], more: Partial<PanelData> = {}): PanelData => ({
  state: LoadingState.Done,
  series,
  timeRange: RANGE,
  ...more,
});

describe('a layer of the panel’s queries', () => {
  it('holds the cells of its own query', () => {
    const { cells: loaded, problem } = loadFromFrames(data([robots, cells('B', [4, 5])]), null, layer, null);
    expect([...loaded.values]).toEqual([4, 5]);
    expect(problem).toBe('');
  });

  it('shows A − B of two queries', () => {
    const both = data([cells('B', [4, 5]), cells('C', [1, 9])]);
    const { cells: loaded } = loadFromFrames(both, null, { ...layer, compareWith: 'C' }, null);
    expect([...loaded.values]).toEqual([3, -4]);
  });

  it('is empty without rows, and says which query failed or what it lacks', () => {
    const none = loadFromFrames(data([toDataFrame({ refId: 'B', fields: [] })]), null, layer, null);
    expect([none.cells.values.length, none.problem]).toEqual([0, '']);
    const failed = loadFromFrames(data([], { errors: [{ refId: 'B', message: 'no' }] }), null, layer, null);
    expect(failed.problem).toMatch(/^Layer Heat: query B failed/);
    const lacking = loadFromFrames(data([{ ...robots, refId: 'B' }]), null, layer, null);
    expect(lacking.problem).toBe('Layer Heat: query B has no field x, y and value (it has robot_id).');
  });

  it('says that its query is not run', () => {
    const request = { targets: [{ refId: 'A' }] } as unknown as PanelData['request'];
    const { problem } = loadFromFrames(data([robots], request ? { request } : {}), null, layer, null);
    expect(problem).toBe('Layer Heat: query B is missing or switched off.');
  });

  it.each([
    ['its query fails', { errors: [{ refId: 'B', message: 'no' }] }],
    ['no query arrives', { error: { message: 'Failed to fetch' } }],
    ['Grafana tells nothing of that', { state: LoadingState.Done }],
  ])('keeps its last cells while %s, and says so', (_, failure) => {
    const good = data([robots, cells('B', [4, 5])]);
    const later = { ...RANGE, to: dateTime(7_200_000) };
    const bad = data([], { state: LoadingState.Error, timeRange: later, ...failure });
    const { cells: kept, problem, range } = loadFromFrames(bad, good, layer, null);
    expect([...kept.values]).toEqual([4, 5]);
    expect(problem).toBe('Layer Heat keeps its last cells: query B failed or brought no answer.');
    expect(range.toMs).toBe(3_600_000);
  });

  it('keeps its last cells while its query runs, without a word', () => {
    const good = data([robots, cells('B', [4, 5])]);
    const running = loadFromFrames(data([], { state: LoadingState.Loading }), good, layer, null);
    expect([[...running.cells.values], running.problem, running.isLoading]).toEqual([[4, 5], '', false]);
    expect(loadFromFrames(data([], { state: LoadingState.Loading }), null, layer, null).isLoading).toBe(true);
  });
});

it('keeps frames and failures of layers away from the robots', () => {
  const refused = { refId: 'B', message: 'no' };
  const failed = data([cells('B', [1]), robots], { state: LoadingState.Error, errors: [refused], error: refused });
  const { series, errors, error } = withoutLayers(failed, [layer]);
  expect([series, errors, error]).toEqual([[robots], [], undefined]);
  const own = { ...failed, series: [robots], errors: [] } as PanelData;
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
