import { describeRobot } from './describe';
import { testFleet } from './testFleet';
import { toDataFrame } from '@grafana/data';
import { headingDoubt } from './units';

const batteries = (...levels: unknown[]) =>
  Array.from(testFleet(levels.map((battery, k) => ({ robot_id: `r${k}`, x: 0, y: 0, battery }))).batteryPercent);

it('reads batteries from 0 to 1, as ROS reports them, as shares and not as empty', () => {
  expect(batteries(0.85, '0.5', 1)).toEqual([85, 50, 100]);
});

it.each([[[0.5]], [[0, 0]], [[0.5, 60]], [[1, 2]]])('leaves batteries of %j percent as they are', (levels) => {
  expect(batteries(...levels)).toEqual(levels);
});

it.each([
  [[90, 180, 0], true],
  [[3.1, -3.1, 6.3], false],
  [[], false],
])('doubts that headings of %j are radians: %s', (headings, isDoubted) => {
  const [field] = toDataFrame({ fields: [{ name: 'yaw', values: headings }] }).fields;
  expect(headingDoubt(field, [...headings.keys()]) !== '').toBe(isDoubted);
});

it('tells a word that has no marker, and what a silent robot did last', () => {
  const fleet = testFleet([
    { robot_id: 'a', x: 0, y: 0, status: 'docking' },
    { robot_id: 'b', x: 0, y: 0, status: 'silent', state: 'working' },
    { robot_id: 'c', x: 0, y: 0, status: 'Idle' },
  ]);
  const reported = [0, 1, 2].map((i) => describeRobot(fleet, i, 0).find(({ label }) => label === 'Reported')?.text);
  expect(reported).toEqual(['docking', 'working', undefined]);
});
