import { dateTime, LoadingState, toDataFrame, type EventBus, type PanelData } from '@grafana/data';
import { act, renderHook, waitFor } from '@testing-library/react';
import { locationService } from '@grafana/runtime';
import { EMPTY } from 'rxjs';
import { emptyFleet } from '../fleet/fleet';
import { askDatabase } from '../plan/askDatabase';
import { usePlayback } from './usePlayback';

jest.mock('../plan/askDatabase', () => ({ askDatabase: jest.fn(), readsClickHouse: () => true }));

const HOUR_MS = 3_600_000;
const fleet = emptyFleet(0);
/** No other panel hovers. */
const eventBus = { publish: () => undefined, getStream: () => EMPTY } as unknown as EventBus;

function dataOf(fromMs: number, toMs: number): PanelData {
  const [from, to] = [dateTime(fromMs), dateTime(toMs)];
  return { state: LoadingState.Done, series: [], timeRange: { from, to, raw: { from, to } } };
}

it('says nothing of a moment where no robot reported in the time range', async () => {
  jest.mocked(askDatabase).mockResolvedValue(toDataFrame([]));
  locationService.push('/d/floor?playback=0');
  const { result } = renderHook(() => usePlayback(dataOf(0, HOUR_MS), fleet, 60, eventBus));
  await waitFor(() => expect(result.current.problem).not.toBe(''));
  expect(result.current).toMatchObject({ timeMs: HOUR_MS, leftMs: null });
});

it('says that the moment is not in a time range that is chosen while it plays, and keeps one that is', async () => {
  const rows = [{ robot_id: 'a', t: 10, x: 1, y: 1, theta: 0, map_id: '', state: '', battery: 1 }];
  jest.mocked(askDatabase).mockResolvedValue(toDataFrame(rows));
  locationService.push('/d/floor?playback=0');
  const { result, rerender } = renderHook(({ data }) => usePlayback(data, fleet, 60, eventBus), {
    initialProps: { data: dataOf(0, 2 * HOUR_MS) },
  });
  await waitFor(() => expect(result.current.fleet).not.toBeNull());
  act(() => result.current.seek(1.5 * HOUR_MS));
  expect(result.current).toMatchObject({ timeMs: 1.5 * HOUR_MS, leftMs: null });

  rerender({ data: dataOf(HOUR_MS, 2 * HOUR_MS) });
  await waitFor(() => expect(result.current.fromMs).toBe(HOUR_MS));
  expect(result.current).toMatchObject({ timeMs: 1.5 * HOUR_MS, leftMs: null });

  rerender({ data: dataOf(3 * HOUR_MS, 4 * HOUR_MS) });
  await waitFor(() => expect(result.current.fromMs).toBe(3 * HOUR_MS));
  expect(result.current).toMatchObject({ timeMs: 3 * HOUR_MS, leftMs: 1.5 * HOUR_MS });
  act(() => result.current.seek(3.5 * HOUR_MS));
  expect(result.current).toMatchObject({ timeMs: 3.5 * HOUR_MS, leftMs: null });
});
