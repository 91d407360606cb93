import { getBackendSrv } from '@grafana/runtime';
import { act, renderHook, waitFor } from '@testing-library/react';
import { of, throwError } from 'rxjs';
import { useFiringAlerts } from './useFiringAlerts';

jest.mock('@grafana/runtime', () => ({ ...jest.requireActual('@grafana/runtime'), getBackendSrv: jest.fn() }));

const FIRING = [{ labels: { robot_id: 'r-1', alertname: 'Silent' }, status: { state: 'active' } }];

afterEach(() => jest.useRealTimers());

it.each([
  ['keeps the halos of a robot while Grafana does not answer', { status: 502, data: {}, config: {} }, ['r-1']],
  ['takes them away from who may not see alerts any more', { status: 403, data: {}, config: {} }, []],
])('%s', async (_, failure, haloed) => {
  jest.useFakeTimers();
  const fetch = jest
    .fn()
    .mockReturnValueOnce(of({ data: FIRING }))
    .mockReturnValue(throwError(() => failure));
  jest.mocked(getBackendSrv).mockReturnValue({ fetch } as never);
  const { result } = renderHook(() => useFiringAlerts(true, ''));
  await waitFor(() => expect([...result.current.keys()]).toEqual(['r-1']));
  await act(() => jest.advanceTimersByTimeAsync(31_000));
  expect(fetch).toHaveBeenCalledTimes(2);
  expect([...result.current.keys()]).toEqual(haloed);
});
