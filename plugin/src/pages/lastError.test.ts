import { getDefaultTimeRange, LoadingState, type PanelData } from '@grafana/data';
import { SceneDataNode, VizPanel } from '@grafana/scenes';
import { renderHook } from '@testing-library/react';
import { useLastError } from './lastError';
import { sayWhenUnread } from './sayWhenUnread';

const answer = (state: LoadingState): PanelData => ({ state, series: [], timeRange: getDefaultTimeRange() });

it('keeps an error until a query is answered, not only until the next one begins', () => {
  const { result, rerender } = renderHook(({ data }) => useLastError(data), {
    initialProps: { data: answer(LoadingState.Loading) as PanelData | undefined },
  });
  expect(result.current).toBeNull();
  const failed = answer(LoadingState.Error);
  rerender({ data: failed });
  expect(result.current).toBe(failed);
  rerender({ data: answer(LoadingState.Loading) });
  expect(result.current).toBe(failed);
  rerender({ data: undefined });
  expect(result.current).toBe(failed);
  rerender({ data: answer(LoadingState.Done) });
  expect(result.current).toBeNull();
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
