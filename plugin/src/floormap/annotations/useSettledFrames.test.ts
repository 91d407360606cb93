import { toDataFrame, type DataFrame } from '@grafana/data';
import { act, renderHook } from '@testing-library/react';
import { useSettledFrames } from './useSettledFrames';

const rows = (...times: number[]) => toDataFrame({ fields: [{ name: 'time', values: times }] });
const EMPTY = rows();

function setUp(first: DataFrame[]) {
  const { result, rerender } = renderHook(({ frames }) => useSettledFrames(frames), {
    initialProps: { frames: first },
  });
  return {
    times: () => result.current.map((frame) => frame.length),
    next: (...frames: DataFrame[]) => rerender({ frames }),
  };
}

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

it('keeps the pins of a query that is asked again', () => {
  const { times, next } = setUp([rows(1, 2), rows(3)]);
  next(rows(1, 2), EMPTY);
  expect(times()).toEqual([2, 1]);
  next(EMPTY, EMPTY);
  expect(times()).toEqual([2, 1]);
  next(rows(1), rows(3, 4));
  expect(times()).toEqual([1, 2]);
});

it('lets go of what stays away, however often the dashboard refreshes', () => {
  const { times, next } = setUp([rows(1)]);
  for (let second = 0; second < 9; second++) {
    next(toDataFrame({ fields: [] }));
    act(() => void jest.advanceTimersByTime(1_000));
  }
  expect(times()).toEqual([1]);
  act(() => void jest.advanceTimersByTime(1_500));
  expect(times()).toEqual([0]);
});

it('drops those of a query that was switched off at once', () => {
  const { times, next } = setUp([rows(1), rows(2)]);
  next(rows(1));
  expect(times()).toEqual([1]);
  next();
  expect(times()).toEqual([]);
});
