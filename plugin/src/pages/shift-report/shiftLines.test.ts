import { shiftLines } from './shiftLines';

const lineOf = (id: string, figures: object[], tasks: object[] = []) =>
  shiftLines(figures as never, tasks as never).find((line) => line.id === id);

it('compares a figure with the mean of the shifts before that are known', () => {
  const figures = [
    { shift: 0, tasks_completed: '15' },
    { shift: 1, tasks_completed: 8 },
    { shift: 3, tasks_completed: 12 },
  ];
  expect(lineOf('tasks_completed', figures)).toMatchObject({
    value: 15,
    before: [8, null, 12, null],
    mean: 10,
    change: 50,
  });
});

it('has no change without a mean, or from 0', () => {
  expect(lineOf('events', [{ shift: 0, events: 3 }])).toMatchObject({ value: 3, mean: null, change: null });
  expect(
    lineOf('errors', [
      { shift: 0, errors: 3 },
      { shift: 1, errors: 0 },
    ])
  ).toMatchObject({ mean: 0, change: null });
});

it('takes task times from the query of tasks, and knows a shift without one', () => {
  const figures = [{ shift: 0, robots: 2 }];
  expect(lineOf('p95_seconds', figures, [{ shift: 0, p95_seconds: 61.5 }])).toMatchObject({ value: 61.5 });
  expect(lineOf('p95_seconds', figures)).toMatchObject({ value: null, change: null });
});
