import { sqlText } from '@floorwatch/contract/sql-text';
import { getDefaultTimeRange, LoadingState, toDataFrame, type PanelData } from '@grafana/data';
import { readTimeOf } from '../grafana/rowsReadAt';
import { KeepingRunner } from './keepingRunner';

const ROWS = [toDataFrame({ fields: [{ name: 'robot_id', values: ['a'] }] })];

function answer(state: LoadingState, rawSql: string, rest: Partial<PanelData> = {}): PanelData {
  const request = { targets: [{ refId: 'A', queryType: 'table', rawSql }], endTime: 1 } as never;
  return { state, series: [], timeRange: getDefaultTimeRange(), request, ...rest };
}

function runnerThatRead(rawSql: string): KeepingRunner {
  const runner = new KeepingRunner({ queries: [] });
  runner.setState({ data: answer(LoadingState.Done, rawSql, { series: ROWS }) });
  return runner;
}

const refused = { errors: [{ message: 'Post "http://ch:8123?a=1": dial tcp: connection refused' }] };

it('keeps the rows of the last answer while the same question fails, in plain words', () => {
  const runner = runnerThatRead('SELECT 1');
  runner.setState({ data: answer(LoadingState.Error, 'SELECT 1', refused) });
  expect(runner.state.data?.series).toEqual(ROWS);
  const said = runner.state.data?.errors?.[0]?.message;
  expect(said).toBe(
    'Grafana cannot connect to ClickHouse. Check that ClickHouse is running. Its message: dial tcp: connection refused'
  );
  // The layers of a scene hand the same data over again.
  runner.setState({ data: { ...runner.state.data! } });
  expect(runner.state.data?.errors?.[0]?.message).toBe(said);
});

it('keeps them while only time passes, and not for another robot or another time range', () => {
  const sqlOf = (ms: number, id: string) =>
    `SELECT x FROM t WHERE ts < fromUnixTimestamp64Milli(${ms}) AND id = ${sqlText(id)}`;
  const rowsAfter = (sql: string, rest: Partial<PanelData> = {}) => {
    const runner = runnerThatRead(sqlOf(1_700_000_000_000, 'robot 1234567890'));
    runner.setState({ data: answer(LoadingState.Error, sql, { ...refused, ...rest }) });
    return runner.state.data?.series.length;
  };
  expect(rowsAfter(sqlOf(1_700_000_060_000, 'robot 1234567890'))).toBe(1);
  expect(rowsAfter(sqlOf(1_700_000_000_000, 'robot 1234567891'))).toBe(0);
  const { from, to } = getDefaultTimeRange();
  const timeRange = { from, to, raw: { from: 'now-2h', to: 'now' } };
  expect(rowsAfter(sqlOf(1_700_000_000_000, 'robot 1234567890'), { timeRange })).toBe(0);
});

it('says when kept rows were read, also to a page that is opened again while the query fails', () => {
  const runner = runnerThatRead('SELECT 1');
  expect(readTimeOf(runner.state.data)).toBe(1);
  const later = { targets: [{ refId: 'A', queryType: 'table', rawSql: 'SELECT 1' }], endTime: 9 } as never;
  runner.setState({ data: answer(LoadingState.Loading, 'SELECT 1', { series: ROWS, request: later }) });
  expect(readTimeOf(runner.state.data)).toBe(1);
  runner.setState({ data: answer(LoadingState.Error, 'SELECT 1', { ...refused, request: later }) });
  expect(readTimeOf(runner.state.data)).toBe(1);
  runner.setState({ data: answer(LoadingState.Done, 'SELECT 1', { series: ROWS, request: later }) });
  expect(readTimeOf(runner.state.data)).toBe(9);
});

it('takes an answer without a frame for no answer, and one without rows for none', () => {
  const runner = runnerThatRead('SELECT 1');
  runner.setState({ data: answer(LoadingState.Done, 'SELECT 1') });
  expect(runner.state.data).toMatchObject({ state: LoadingState.Error, series: ROWS });
  runner.setState({ data: answer(LoadingState.Done, 'SELECT 1', { series: [toDataFrame({ fields: [] })] }) });
  expect(runner.state.data?.state).toBe(LoadingState.Done);
});
