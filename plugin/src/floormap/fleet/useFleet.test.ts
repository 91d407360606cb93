import { renderHook } from '@testing-library/react';
import { getDefaultTimeRange, LoadingState, type PanelData } from '@grafana/data';
import { ageNow } from './age';
import { useFleet } from './useFleet';

const data = (rest: Partial<PanelData>): PanelData => ({
  state: LoadingState.Done,
  series: [],
  timeRange: getDefaultTimeRange(),
  ...rest,
});

it.each([
  ['fails', data({ state: LoadingState.Error, errors: [{ refId: 'A' }] })],
  ['runs', data({ state: LoadingState.Loading })],
])('gives no age to an answer that never came, while the first query %s', (_, first) => {
  const { result } = renderHook(() => useFleet(first, { silentAfterSeconds: 60, headingInDegrees: false, fields: {} }));
  expect(ageNow(0, result.current.fleet.readAtMs, Date.now())).toBe(0);
});
