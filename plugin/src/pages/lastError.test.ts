import { getDefaultTimeRange, LoadingState, toDataFrame, type PanelData } from '@grafana/data';
import { SceneDataNode, VizPanel } from '@grafana/scenes';
import { act, renderHook } from '@testing-library/react';
import { withReadTime } from '../grafana/rowsReadAt';
import { useUnread } from './lastError';
import { sayWhenUnread } from './sayWhenUnread';

const ROWS = [toDataFrame({ fields: [{ name: 'robot_id', values: ['a'] }] })];
const answer = (state: LoadingState, rest: Partial<PanelData> = {}): PanelData => ({
  state,
  series: [],
  timeRange: getDefaultTimeRange(),
  ...rest,
});
const done = (endTime: number) => answer(LoadingState.Done, { series: ROWS, request: { endTime } as never });
const failed = (series: PanelData['series'] = []) =>
  answer(LoadingState.Error, { series, errors: [{ message: 'refused' }] });

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

function read(data?: PanelData) {
  return renderHook((props: { data: PanelData | undefined }) => useUnread(props.data), { initialProps: { data } });
}

it('keeps an error until a query is answered, not only until the next one begins', () => {
  const { result, rerender } = read(answer(LoadingState.Loading));
  expect(result.current).toBeNull();
  rerender({ data: failed() });
  expect(result.current).toEqual({ reason: 'refused', shownOfMs: NaN });
  rerender({ data: answer(LoadingState.Loading) });
  expect(result.current?.reason).toBe('refused');
  rerender({ data: undefined });
  expect(result.current?.reason).toBe('refused');
  rerender({ data: done(5) });
  expect(result.current).toBeNull();
});

it('says when the rows that are still shown were read', () => {
  const { result, rerender } = read(done(5));
  expect(result.current).toBeNull();
  rerender({ data: failed(ROWS) });
  expect(result.current).toEqual({ reason: 'refused', shownOfMs: 5 });
});

it('says when the rows were read to a page that is opened again during the outage', () => {
  expect(read(withReadTime(failed(ROWS), 5)).result.current).toEqual({ reason: 'refused', shownOfMs: 5 });
});

it('takes a query that refreshes begin again and again, and that is not answered, for unread', () => {
  const { result, rerender } = read();
  for (let second = 0; second < 7; second++) {
    act(() => jest.advanceTimersByTime(1_000));
    rerender({ data: answer(LoadingState.Loading) });
    expect(result.current).toBeNull();
  }
  act(() => jest.advanceTimersByTime(1_500));
  expect(result.current).toEqual({ reason: null, shownOfMs: NaN });
  rerender({ data: done(9_000) });
  expect(result.current).toBeNull();
  rerender({ data: answer(LoadingState.Loading, { series: ROWS }) });
  act(() => jest.advanceTimersByTime(9_000));
  expect(result.current).toEqual({ reason: null, shownOfMs: 9_000 });
});

it('lets a panel say that nothing is known until a query is answered', () => {
  const data = new SceneDataNode({ data: answer(LoadingState.Error) });
  const panel = new VizPanel({
    $data: data,
    fieldConfig: { defaults: { noValue: 'No robot needs anybody' }, overrides: [] },
  });
  const stop = sayWhenUnread(panel);
  const said = () => panel.state.fieldConfig.defaults.noValue;
  expect(said()).toMatch(/^Not read/);
  data.setState({ data: answer(LoadingState.Loading) });
  expect(said()).toMatch(/^Not read/);
  data.setState({ data: answer(LoadingState.Done) });
  expect(said()).toBe('No robot needs anybody');
  data.setState({ data: answer(LoadingState.Loading) });
  expect(said()).toBe('No robot needs anybody');
  stop();
});
