import { act, renderHook } from '@testing-library/react';
import { dateTime, LoadingState, toDataFrame, type DataFrame, type PanelData } from '@grafana/data';
import { useFleet } from '../fleet/useFleet';
import { askDatabase, NoFloorwatch } from '../plan/askDatabase';
import { useLiveFleet } from './useLiveFleet';

jest.mock('../plan/askDatabase', () => ({ ...jest.requireActual('../plan/askDatabase'), askDatabase: jest.fn() }));
const ask = jest.mocked(askDatabase);

const OPTIONS = { silentAfterSeconds: 60, headingInDegrees: false, fields: {}, isWanted: true };
const SOURCE = { type: 'grafana-clickhouse-datasource', uid: 'one' };
/** The place of a robot, and when the warehouse received it, in seconds. */
type Report = readonly [x: number, reportedAt: number];

function frameOf(robots: Record<string, Report>, hasOrder = true): DataFrame {
  const rows = Object.entries(robots).map(([robot_id, [x, seconds]]) => ({
    ...{ robot_id, x, y: 0, age_seconds: 0 },
    ...(hasOrder ? { reported_at: 1_700_000_000_000 + seconds * 1_000 } : {}),
  }));
  return { ...toDataFrame(rows), refId: 'A' };
}

function answer(frame: DataFrame, { uid = 'one', to = 'now' } = {}): PanelData {
  const [from, end] = [dateTime(Date.now() - 3_600_000), dateTime(to === 'now' ? Date.now() : 1_000)];
  const timeRange = { from, to: end, raw: { from: 'now-1h', to: to === 'now' ? to : end } };
  const targets = [{ refId: 'A', datasource: { ...SOURCE, uid }, rawSql: 'SELECT' }];
  const request = { targets, range: timeRange } as unknown as PanelData['request'];
  return { state: LoadingState.Done, series: [frame], timeRange, ...(request ? { request } : {}) };
}

function show(first: PanelData, isWanted = true) {
  const { result, rerender, unmount } = renderHook(
    ({ data }) => useLiveFleet(useFleet(data, OPTIONS), data, { ...OPTIONS, isWanted }),
    { initialProps: { data: first } }
  );
  return { places: () => [...result.current.xMetres], next: (data: PanelData) => rerender({ data }), unmount };
}

const pass = (ms: number) => act(() => jest.advanceTimersByTimeAsync(ms));

beforeEach(() => {
  jest.useFakeTimers();
  ask.mockReset().mockResolvedValue(frameOf({}));
});
afterEach(() => jest.useRealTimers());

it('shows what arrived between two answers of the query, and keeps it until an answer is newer', async () => {
  ask.mockResolvedValue(frameOf({ a: [2, 11], stranger: [5, 50] }));
  const map = show(answer(frameOf({ a: [1, 10], b: [7, 10] })));
  expect(map.places()).toEqual([1, 7]);
  await pass(0);
  expect(map.places()).toEqual([2, 7]);
  // An answer that was computed before, and one that was computed after.
  map.next(answer(frameOf({ a: [1, 10], b: [8, 12] })));
  expect(map.places()).toEqual([2, 8]);
  map.next(answer(frameOf({ a: [3, 13], b: [8, 12] })));
  expect(map.places()).toEqual([3, 8]);
  await pass(1_000);
  expect(map.places()).toEqual([3, 8]);
  map.unmount();
});

it('never has two questions under way, and asks nothing any more once it is gone', async () => {
  const answers: Array<(frame: DataFrame) => void> = [];
  ask.mockImplementation(() => new Promise((resolve) => answers.push(resolve)));
  const map = show(answer(frameOf({ a: [1, 10] })));
  await pass(8_000);
  expect(ask).toHaveBeenCalledTimes(1);
  answers[0]?.(frameOf({ a: [2, 11] }));
  await pass(0);
  expect(map.places()).toEqual([2]);
  map.unmount();
  await pass(60_000);
  expect(ask).toHaveBeenCalledTimes(1);
});

it.each([
  ['the option is off', () => show(answer(frameOf({ a: [1, 10] })), false)],
  ['the time range lies in the past', () => show(answer(frameOf({ a: [1, 10] }), { to: 'then' }))],
  ['the query does not say how new a report is', () => show(answer(frameOf({ a: [1, 10] }, false)))],
  ['the query returns no robots', () => show(answer(frameOf({})))],
])('asks nothing when %s', async (_, open) => {
  const map = open();
  await pass(20_000);
  expect(ask).not.toHaveBeenCalled();
  map.unmount();
});

it('stops when the dashboard does not refresh itself, and goes on when it does', async () => {
  const map = show(answer(frameOf({ a: [1, 10] })));
  await pass(60_000);
  const asked = ask.mock.calls.length;
  await pass(60_000);
  expect(ask).toHaveBeenCalledTimes(asked);
  ask.mockResolvedValue(frameOf({ a: [9, 99] }));
  map.next(answer(frameOf({ a: [2, 11] })));
  await pass(1_000);
  expect(map.places()).toEqual([9]);
  map.unmount();
});

it('shows the answers of the query while the poll fails, asks less often, and recovers', async () => {
  ask.mockRejectedValue(new Error('away'));
  const map = show(answer(frameOf({ a: [1, 10] })));
  await pass(12_000);
  expect(ask).toHaveBeenCalledTimes(2);
  ask.mockResolvedValue(frameOf({ a: [9, 99] }));
  map.next(answer(frameOf({ a: [2, 11] })));
  expect(map.places()).toEqual([2]);
  await pass(10_000);
  expect(map.places()).toEqual([9]);
  map.unmount();
});

it('asks a warehouse without the view only once', async () => {
  ask.mockRejectedValue(new NoFloorwatch('none'));
  const map = show(answer(frameOf({ a: [1, 10] })));
  for (let k = 0; k < 20; k++) {
    await pass(5_000);
    map.next(answer(frameOf({ a: [k, 10 + k] })));
  }
  expect(ask).toHaveBeenCalledTimes(1);
  map.unmount();
});

it('never merges reports of another warehouse, whose robots may have the same ids', async () => {
  ask.mockResolvedValue(frameOf({ a: [2, 99] }));
  const map = show(answer(frameOf({ a: [1, 10] })));
  await pass(0);
  expect(map.places()).toEqual([2]);
  ask.mockResolvedValue(frameOf({}));
  map.next(answer(frameOf({ a: [5, 10] }), { uid: 'two' }));
  expect(map.places()).toEqual([5]);
  await pass(0);
  expect(map.places()).toEqual([5]);
  map.unmount();
});
