import { barsOf } from './distribution';

const sum = (bars: ReturnType<typeof barsOf>) => bars.reduce((all, { tasks }) => all + tasks, 0);

it('has no bar without a task', () => {
  expect(barsOf([])).toEqual([]);
});

it('joins steps to bars of a round width, and shows the empty ones between', () => {
  // 0 to 5 s, 10 to 15 s and 20 to 25 s.
  expect(
    barsOf([
      [4, 7],
      [0, 1],
      [2, 3],
    ]).map(({ fromSeconds, toSeconds, tasks }) => [fromSeconds, toSeconds, tasks])
  ).toEqual([
    [0, 5, 1],
    [5, 10, 0],
    [10, 15, 3],
    [15, 20, 0],
    [20, 25, 7],
  ]);
});

it('has at most 20 bars and one for the few that took far longer, which add up to all tasks', () => {
  const usual = Array.from({ length: 60 }, (_, step): [number, number] => [step, 10]);
  const bars = barsOf([...usual, [1_000, 3], [1_440, 2]]);
  expect(bars.length).toBeLessThanOrEqual(21);
  expect(bars.at(-1)).toEqual({ fromSeconds: 300, toSeconds: Infinity, tasks: 5 });
  expect(sum(bars)).toBe(605);
});

it('keeps tasks of several hours in few bars', () => {
  const bars = barsOf([
    [1_440, 9],
    [100, 1],
  ]);
  expect(bars.length).toBeLessThanOrEqual(21);
  expect(sum(bars)).toBe(10);
});
