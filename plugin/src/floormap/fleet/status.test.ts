import { concludeStatus, statusAt } from './status';

const conclude = (reported: unknown, ageSeconds = 1) => statusAt(concludeStatus(reported, ageSeconds, 60));

it.each([' Working ', 'WORKING'])('knows %j', (word) => {
  expect(conclude(word)).toBe('working');
});

it.each([3, true, 'docking'])('does not take a robot that reports %j for idle', (reported) => {
  expect(conclude(reported)).toBe('unknown');
});

it.each([null, undefined, ''])('takes a robot that reports %j, but lives, for idle', (reported) => {
  expect(conclude(reported)).toBe('idle');
});
