import { ianaZone } from './addressRunner';

it.each([
  ['browser', 'UTC'],
  ['utc', 'UTC'],
  ['Europe/Berlin', 'Europe/Berlin'],
  ["x') OR 1=1 --", 'UTC'],
])('takes the time zone %j for %s', (timeZone, expected) => {
  expect(ianaZone(timeZone)).toBe(expected);
});
