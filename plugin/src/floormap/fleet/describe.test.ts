import { ageNow, formatAge, formatDuration } from './age';
import { describeRobot, formatHeading, speakOfRobot, summariseFleet } from './describe';
import { placeFleet } from './placement';
import { testFleet } from './testFleet';

const fleet = testFleet([
  { robot_id: 'a', x: 1, y: 2, theta: Math.PI, state: 'working', battery: 61.2, age_seconds: 3, task_id: 't-1' },
  { robot_id: 'b', x: 1, y: 2, state: 'error', error_code: 'E042', age_seconds: 1 },
  { robot_id: 'c', state: 'idle', age_seconds: 300 },
]);

it.each([
  [0.4, '0 s'],
  [99, '99 s'],
  [100, '2 min'],
  [3_600, '60 min'],
  [7_200, '2 h'],
  [200_000, '2 d'],
  [NaN, ''],
])('writes an age of %d seconds as %j', (ageSeconds, text) => {
  expect(formatAge(ageSeconds)).toBe(text);
});

it.each([
  [0.44, '0.4 s'],
  [-30, '-30 s'],
  [59.7, '1 min'],
  [75, '1 min 15 s'],
  [600, '10 min'],
  [3_599.7, '1 h'],
  [7_530, '2 h 6 min'],
  [200_000, '2 d 8 h'],
  [NaN, ''],
])('writes a length of %d seconds as %j', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});

it.each([
  [Math.PI, '180°'],
  [-3.1415, '180°'],
  [-0.001, '0°'],
  [-Math.PI / 2, '-90°'],
  [NaN, ''],
])('writes a heading of %d radians as %j', (headingRadians, text) => {
  expect(formatHeading(headingRadians)).toBe(text);
});

it('does not read out every floor of a fleet that has hundreds', () => {
  const many = testFleet(Array.from({ length: 300 }, (_, k) => ({ robot_id: `${k}`, x: 0, y: 0, map_id: `f${k}` })));
  expect(summariseFleet(many, placeFleet(many, 'f0'))).toMatch(/on floor f6, others for other reasons\.$/);
});

it('speaks of one robot as one', () => {
  const one = testFleet([{ robot_id: 'a', x: 1, y: 2, state: 'idle' }]);
  expect(summariseFleet(one, placeFleet(one, null))).toBe('Floor map of 1 robot, 1 placed: 1 idle.');
});

it('lets ages grow between two answers of the database', () => {
  expect(ageNow(10, 1_000, 6_000)).toBe(15);
});

it('tells everything known of a robot and leaves out what is not', () => {
  expect(describeRobot(fleet, 0, 2_000)).toEqual([
    { label: 'Battery', text: '61 %' },
    { label: 'Task', text: 't-1' },
    { label: 'Last event', text: '5 s ago' },
    { label: 'Position', text: '5 s ago' },
    { label: 'x, y', text: '1.00 m, 2.00 m' },
    { label: 'Heading', text: '180°' },
  ]);
});

it.each([
  [-185, 'off by 3 min'],
  [185, 'off by 3 min'],
  [59, undefined],
])('says of a clock that is %d s off: %s', (clock_offset_seconds, said) => {
  const one = testFleet([{ robot_id: 'a', x: 1, y: 2, clock_offset_seconds }]);
  expect(describeRobot(one, 0, 0).find(({ label }) => label === 'Clock')?.text).toBe(said);
});

it('sums the map up for a screen reader, trouble first', () => {
  expect(summariseFleet(fleet, placeFleet(fleet, null))).toBe(
    'Floor map of 3 robots, 2 placed: 1 silent, 1 error, 1 working; not placed: 1 no position.'
  );
});

it('tells a screen reader of one robot what on-call asks first', () => {
  expect(speakOfRobot(fleet, 0, 2_000)).toBe('a, Working, battery 61 %, last event 5 s ago');
  expect(speakOfRobot(fleet, 1, 0)).toBe('b, Error, error E042, last event 1 s ago');
});
