import { getDefaultTimeRange, LoadingState, toDataFrame } from '@grafana/data';
import { SceneQueryRunner } from '@grafana/scenes';
import { batteryPanel, tenthsOf } from './batteryPanel';

const counts = (battery_tenths?: string) => ({
  ...toDataFrame([{ robots: 3, ...(battery_tenths === undefined ? {} : { battery_tenths }) }]),
  refId: 'A',
});
const rows = (frame: ReturnType<typeof tenthsOf>) =>
  Array.from({ length: frame.length }, (_, row) => frame.fields.map(({ values }) => values[row] as unknown));

it('has a bar for each tenth of charge, the empty ones too', () => {
  const bars = tenthsOf(counts('[0,1,0,0,0,0,0,0,0,2]'));
  expect(bars.fields.map(({ name }) => name)).toEqual(['Battery', 'Robots']);
  expect(rows(bars)).toHaveLength(10);
  expect(rows(bars)[1]).toEqual(['10–20 %', 1]);
  expect(rows(bars)[9]).toEqual(['90–100 %', 2]);
});

it('has ten empty bars for a fleet without robots, and none for counts without batteries', () => {
  expect(rows(tenthsOf(counts('[]'))).map(([, robots]) => robots)).toEqual(new Array(10).fill(0));
  expect(tenthsOf(counts())).toMatchObject({ fields: [], length: 0, refId: 'A' });
});

it('comes back with the answer of now after it was not shown', () => {
  const answer = (tenths: string) => ({
    data: { state: LoadingState.Done, series: [counts(tenths)], timeRange: getDefaultTimeRange() },
  });
  const runner = new SceneQueryRunner({ queries: [], runQueriesMode: 'manual', ...answer('[]') });
  const { $data } = batteryPanel(runner).state;
  const robots = () => $data?.state.data?.series.flatMap((frame) => rows(frame)).map(([, count]) => count);
  $data?.activate()();
  expect(robots()).toEqual(new Array(10).fill(0));
  runner.setState(answer('[0,0,0,0,0,0,0,0,0,2]'));
  $data?.activate();
  expect(robots()).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 2]);
});
