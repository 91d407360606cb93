import { FieldType, toDataFrame } from '@grafana/data';
import { numbersOf, readPart } from './parts';

const frame = toDataFrame({
  fields: [
    { name: 'part', type: FieldType.string, values: ['robot', 'all', 'robot'] },
    { name: 'robot', type: FieldType.string, values: ['a', '', 'b'] },
    { name: 'tasks', type: FieldType.number, values: [1, 3, 2] },
  ],
});

it('has the rows of its part, with the columns and names that it was asked for', () => {
  const part = readPart(frame, 'robot', [
    ['tasks', 'Tasks'],
    ['robot', 'Robot'],
    ['robot', 'robot_id'],
    ['absent', 'Absent'],
  ]);
  expect(part.length).toBe(2);
  expect(part.fields.map(({ name, values }) => [name, values])).toEqual([
    ['Tasks', [1, 2]],
    ['Robot', ['a', 'b']],
    ['robot_id', ['a', 'b']],
  ]);
  expect(numbersOf(part, 'Tasks')).toEqual([1, 2]);
});

it('has no row of a part that the answer does not have', () => {
  expect(readPart(frame, 'zone', [['tasks', 'Tasks']]).length).toBe(0);
});
