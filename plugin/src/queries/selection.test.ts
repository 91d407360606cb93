import { andSelected, selectedRobots } from './selection';

const robotsOf = (search: string) => selectedRobots(new URLSearchParams(search));

it.each([
  ['', null],
  ['var-robot=$__all', null],
  ['var-robot=a', null],
  ['var-robot=a&var-robot=a', null],
  ['var-robot=a&var-robot=b&tab=x', ['a', 'b']],
])('of the address %j are %j', (search, robots) => {
  expect(robotsOf(search)).toEqual(robots);
});

it('takes no part in the query where all robots are shown, and escapes ids', () => {
  expect(andSelected(null)).toBe('');
  expect(andSelected(["\\') OR 1=1 --", 'b'])).toBe(" AND robot_id IN ('\\x5c\\x27\\x29 OR 1\\x3d1 -\\x2d', 'b')");
});
