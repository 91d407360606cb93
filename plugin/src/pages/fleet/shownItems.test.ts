import { getDefaultTimeRange, LoadingState, toDataFrame, type PanelData } from '@grafana/data';
import { isOneRobot, isWithoutRobots } from './shownItems';

const answer = (robots: number, state = LoadingState.Done): PanelData => ({
  state,
  timeRange: getDefaultTimeRange(),
  series: [toDataFrame({ fields: [{ name: 'robots', values: [robots] }] })],
});

it('is so when the database counts 0 robots', () => {
  expect(isWithoutRobots(answer(0))).toBe(true);
  expect(isWithoutRobots(answer(3))).toBe(false);
});

it('is not so when the database has not said it', () => {
  expect(isWithoutRobots(undefined)).toBe(false);
  expect(isWithoutRobots(answer(0, LoadingState.Error))).toBe(false);
  expect(isWithoutRobots({ ...answer(0), series: [] })).toBe(false);
});

it.each([
  ['robot-1', true],
  [['robot-1'], true],
  [['robot-1', 'robot-2'], false],
  ['$__all', false],
  [['$__all'], false],
  ['', false],
])('takes %j for one robot: %s', (value, expected) => {
  expect(isOneRobot(value)).toBe(expected);
});
