import { toDataFrame } from '@grafana/data';
import { findFields, missingFieldMessage } from './fields';

const frame = (...names: string[]) => toDataFrame({ refId: 'A', fields: names.map((name) => ({ name, values: [1] })) });

it.each(['robot_id', 'Robot ID', 'robotId', 'robot-id', 'serialNumber', 'AGV'])('takes %j for the robot', (name) => {
  expect(findFields(frame(name, 'x', 'y'), {}).robotId?.name).toBe(name);
});

it('finds places as messages nest them', () => {
  const found = findFields(frame('id', 'pose.position.x', 'pose.position.y'), {});
  expect([found.x?.name, found.y?.name]).toEqual(['pose.position.x', 'pose.position.y']);
});

it('prefers the name as it is written', () => {
  expect(findFields(frame('X', 'x', 'robot'), {}).x?.name).toBe('x');
});

it('tells a time series from a table that lacks a column', () => {
  const series = toDataFrame({
    refId: 'A',
    fields: [
      { name: 'time', values: [1] },
      { name: 'x', values: [1], labels: { robot_id: 'a' } },
    ],
  });
  expect(missingFieldMessage(series, {})).toMatch(/: it is a time series, and the map needs a table: choose that/);
});
