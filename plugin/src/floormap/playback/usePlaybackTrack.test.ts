import { dateTime, toDataFrame, type DataQueryRequest, type TimeRange } from '@grafana/data';
import { renderHook, waitFor } from '@testing-library/react';
import { emptyFleet } from '../fleet/fleet';
import { askDatabase } from '../plan/askDatabase';
import { MAX_PLAYBACK_ROWS } from './playbackQuery';
import { usePlaybackTrack } from './usePlaybackTrack';

jest.mock('../plan/askDatabase', () => ({ askDatabase: jest.fn(), readsClickHouse: () => true }));
const ask = jest.mocked(askDatabase);

const HOUR_MS = 3_600_000;
const range = (fromMs: number, toMs: number, rawTo?: string): TimeRange => {
  const [from, to] = [dateTime(fromMs), dateTime(toMs)];
  return { from, to, raw: rawTo === undefined ? { from, to } : { from: 'now-1h', to: rawTo } };
};
const answer = (...rows: object[]) => toDataFrame(rows);
const rowOf = (robot_id: string, t: number) => ({
  robot_id,
  t,
  x: 1,
  y: 1,
  theta: 0,
  map_id: '',
  state: '',
  battery: 1,
});

const open = (timeRange: TimeRange, linkedMs = 0) =>
  renderHook(({ isOpen, shown }) => usePlaybackTrack(isOpen, shown, emptyFleet(0), {} as DataQueryRequest, linkedMs), {
    initialProps: { isOpen: true, shown: timeRange },
  });

const clock = jest.spyOn(Date, 'now');
beforeEach(() => {
  ask.mockReset().mockResolvedValue(answer(rowOf('a', 10)));
  clock.mockReturnValue(11 * HOUR_MS);
});
afterAll(() => clock.mockRestore());

it('reads another range that the user chooses, and shows the last one until it is there', async () => {
  const { result, rerender } = open(range(0, HOUR_MS));
  await waitFor(() => expect(result.current?.toMs).toBe(HOUR_MS));
  rerender({ isOpen: true, shown: range(HOUR_MS, 2 * HOUR_MS) });
  expect(result.current?.toMs).toBe(HOUR_MS);
  await waitFor(() => expect(result.current?.toMs).toBe(2 * HOUR_MS));
  expect(ask).toHaveBeenCalledTimes(2);
});

it('keeps its range while a live dashboard moves on', async () => {
  clock.mockReturnValue(HOUR_MS);
  const { result, rerender } = open(range(0, HOUR_MS, 'now'));
  await waitFor(() => expect(result.current?.toMs).toBe(HOUR_MS));
  clock.mockReturnValue(HOUR_MS + 5_000);
  rerender({ isOpen: true, shown: range(5_000, HOUR_MS + 5_000, 'now') });
  await waitFor(() => expect(result.current?.toMs).toBe(HOUR_MS));
  expect(ask).toHaveBeenCalledTimes(1);
});

it('begins with what has arrived since the last refresh of a live dashboard', async () => {
  clock.mockReturnValue(HOUR_MS + 8_000);
  const { result } = open(range(0, HOUR_MS, 'now'));
  await waitFor(() => expect(result.current).toMatchObject({ fromMs: 8_000, toMs: HOUR_MS + 8_000 }));
});

it('reads the time around the moment of a link that its relative range has left behind', async () => {
  const { result, rerender } = open(range(10 * HOUR_MS, 11 * HOUR_MS, 'now'), 5 * HOUR_MS);
  await waitFor(() => expect(result.current).toMatchObject({ fromMs: 4.5 * HOUR_MS, toMs: 5.5 * HOUR_MS }));
  // The range that the user chooses then is the user's.
  rerender({ isOpen: true, shown: range(8 * HOUR_MS, 9 * HOUR_MS) });
  await waitFor(() => expect(result.current).toMatchObject({ fromMs: 8 * HOUR_MS, toMs: 9 * HOUR_MS }));
});

it('reads the range of a link that holds its moment', async () => {
  const { result } = open(range(10 * HOUR_MS, 11 * HOUR_MS, 'now'), 10.5 * HOUR_MS);
  await waitFor(() => expect(result.current).toMatchObject({ fromMs: 10 * HOUR_MS, toMs: 11 * HOUR_MS }));
});

it('does not show the last range when it is opened again', async () => {
  const { result, rerender } = open(range(0, HOUR_MS));
  await waitFor(() => expect(result.current).not.toBeNull());
  rerender({ isOpen: false, shown: range(0, HOUR_MS) });
  expect(result.current).toBeNull();
});

it('reads coarser steps, and no fewer robots, where the row cap was met', async () => {
  const full = { ...answer(rowOf('a', 10)), length: MAX_PLAYBACK_ROWS };
  ask.mockResolvedValueOnce(full).mockResolvedValueOnce(answer({ robots: 1_000 }));
  const { result } = open(range(0, HOUR_MS));
  await waitFor(() => expect(result.current?.track?.stepSeconds).toBe(30));
  expect(ask.mock.calls.map(([, sql]) => /uniqExact|INTERVAL|intDiv\(.*, \d+\)/.exec(sql)?.[0])).toEqual([
    'intDiv(toUnixTimestamp64Milli(ts), 1000)',
    'uniqExact',
    'intDiv(toUnixTimestamp64Milli(ts), 30000)',
  ]);
});
