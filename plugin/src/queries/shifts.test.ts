import { lastShift, readShift, shiftDays } from './shifts';

const at = (time: string) => Date.parse(time);
const shiftOf = (query: string, timeZone = 'UTC', now = '2026-11-28T10:00:00Z') => {
  const { shift, day, fromMs, toMs } = readShift(new URLSearchParams(query), timeZone, at(now));
  return [shift.id, day, new Date(fromMs).toISOString(), new Date(toMs).toISOString()];
};

it('is the last shift that is over, the night one in the morning', () => {
  const night = ['night', '2026-11-27', '2026-11-27T22:00:00.000Z', '2026-11-28T06:00:00.000Z'];
  expect(shiftOf('')).toEqual(night);
  expect(shiftOf('day=x&shift=early')).toEqual(night);
  expect(shiftOf("day=2026-11-28') --&shift=late")).toEqual(night);
});

it('is the shift of the address, by the clock on the wall of its time zone', () => {
  expect(shiftOf('day=2026-11-20&shift=late')).toEqual([
    ...['late', '2026-11-20', '2026-11-20T14:00:00.000Z', '2026-11-20T22:00:00.000Z'],
  ]);
  expect(shiftOf('day=2026-07-01&shift=early', 'Europe/Berlin')).toEqual([
    ...['early', '2026-07-01', '2026-07-01T04:00:00.000Z', '2026-07-01T12:00:00.000Z'],
  ]);
});

it('is an hour longer in the night in which summer time ends', () => {
  const choice = readShift(new URLSearchParams('day=2026-10-24&shift=night'), 'Europe/Berlin', 0);
  expect((choice.toMs - choice.fromMs) / 3_600_000).toBe(9);
});

it('goes to the same shift of another day', () => {
  const choice = lastShift('UTC', at('2026-03-01T15:00:00Z'));
  expect([choice.shift.id, choice.day]).toEqual(['early', '2026-03-01']);
  expect(shiftDays(choice, -1, 'UTC')).toMatchObject({ day: '2026-02-28', fromMs: at('2026-02-28T06:00:00Z') });
});
