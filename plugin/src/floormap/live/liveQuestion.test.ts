import { changesSql, fewRobots, pauseMs } from './liveQuestion';

it('asks about once per second, and less often the longer an answer takes', () => {
  expect(pauseMs(100, 0)).toBe(900);
  expect(pauseMs(450, 0)).toBe(900);
  expect(pauseMs(1_500, 0)).toBe(3_000);
});

it('asks less and less often while the database does not answer', () => {
  expect([1, 2, 3, 9, 200].map((failures) => pauseMs(20, failures))).toEqual([5_000, 10_000, 20_000, 60_000, 60_000]);
});

it('asks in the same words as other viewers at the same time', () => {
  expect(changesSql(null, 1_000)).toBe(changesSql(null, 1_499));
  expect(changesSql(null, 1_000)).not.toBe(changesSql(null, 1_500));
});

it('names few robots, whatever their ids are', () => {
  expect(changesSql(fewRobots(["a'b", '\\', '${__from}']), 0)).toMatch(
    / AND robot_id IN \('a\\x27b', '\\x5c', '\\x24\\x7b__from\\x7d'\)$/
  );
  expect(fewRobots(Array.from({ length: 21 }, String))).toBeNull();
});
