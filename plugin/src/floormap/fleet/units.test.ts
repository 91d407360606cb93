import { describeRobot } from './describe';
import { testFleet } from './testFleet';
import { toDataFrame } from '@grafana/data';
import { batteryDoubt, batteryScale, headingDoubt } from './units';

const battery = (levels: unknown[], unit?: string) =>
  toDataFrame({ fields: [{ name: 'battery', values: levels, config: unit ? { unit } : {} }] }).fields[0];

it('multiplies shares by 100 where their unit says that they are some', () => {
  expect(batteryScale(battery([0.85], 'percentunit'))).toBe(100);
});

it('shows two robots at 1 % as nearly empty, not as full', () => {
  expect(batteryScale(battery([1, 0.8]))).toBe(1);
});

it.each([
  [[0.85, '0.5', 1], true],
  [[0.5], false],
  [[0, 0], false],
  [[0.5, 60], false],
])('doubts that batteries of %j are percent: %s', (levels, isDoubted) => {
  expect(batteryDoubt(battery(levels), levels.keys()) !== '').toBe(isDoubted);
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
