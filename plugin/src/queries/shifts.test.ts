import { chooseShifts, lastShift, readShift, shiftDays, shiftsNow, shiftZone } from './shifts';

const at = (time: string) => Date.parse(time);
const shiftOf = (query: string, timeZone = 'UTC', now = '2026-11-28T10:00:00Z') => {
  const { shift, day, fromMs, toMs } = readShift(new URLSearchParams(query), timeZone, at(now));
  return [shift.id, day, new Date(fromMs).toISOString(), new Date(toMs).toISOString()];
};
const hoursOf = (query: string, timeZone: string) => {
  const { fromMs, toMs } = readShift(new URLSearchParams(query), timeZone, 0);
  return (toMs - fromMs) / 3_600_000;
};

afterEach(() => chooseShifts([], ''));

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

it('is an hour longer in the night in which summer time ends, and an hour shorter in the one in which it begins', () => {
  expect(hoursOf('day=2026-10-24&shift=night', 'Europe/Berlin')).toBe(9);
  expect(hoursOf('day=2026-03-28&shift=night', 'Europe/Berlin')).toBe(7);
});

it('goes to the same shift of another day', () => {
  const choice = lastShift('UTC', at('2026-03-01T15:00:00Z'));
  expect([choice.shift.id, choice.day]).toEqual(['early', '2026-03-01']);
  expect(shiftDays(choice, -1, 'UTC')).toMatchObject({ day: '2026-02-28', fromMs: at('2026-02-28T06:00:00Z') });
});

it('takes the shifts and the time zone of Setup, in the order of the day, each until the next one starts', () => {
  chooseShifts(
    [
      { name: 'Spät', start: '18:30' },
      { name: 'Tag', start: '06:30' },
    ],
    'Europe/Berlin'
  );
  expect(shiftsNow().map(({ id, name }) => [id, name])).toEqual([
    ['06:30', 'Tag'],
    ['18:30', 'Spät'],
  ]);
  expect(shiftZone('America/New_York')).toBe('Europe/Berlin');
  expect(shiftOf('day=2026-11-27&shift=18%3A30', shiftZone('UTC'))).toEqual([
    ...['18:30', '2026-11-27', '2026-11-27T17:30:00.000Z', '2026-11-28T05:30:00.000Z'],
  ]);
  // A link from before the shifts were changed.
  expect(shiftOf('day=2026-11-20&shift=early', 'UTC')[0]).toBe('18:30');
});

it('has neither a gap nor an overlap, even where a shift starts in an hour that a day lacks or has twice', () => {
  chooseShifts(
    [
      { name: 'A', start: '02:30' },
      { name: 'B', start: '14:00' },
    ],
    ''
  );
  for (const day of ['2026-03-28', '2026-03-29', '2026-10-24', '2026-10-25']) {
    const [first, second] = ['02:30', '14:00'].map((shift) =>
      readShift(new URLSearchParams({ day, shift }), 'Europe/Berlin', 0)
    );
    expect(first?.toMs).toBe(second?.fromMs);
    expect(second?.toMs).toBe(first && shiftDays(first, 1, 'Europe/Berlin').fromMs);
  }
});

it('starts a shift in the hour that a day lacks when the clock skips it, and ends it when the next one starts', () => {
  chooseShifts(
    ['02:15', '02:45', '03:00', '14:00'].map((start) => ({ name: start, start })),
    ''
  );
  const on = (shift: string) => shiftOf(`day=2026-03-29&shift=${shift}`, 'Europe/Berlin').slice(2);
  const change = '2026-03-29T01:00:00.000Z';
  expect(on('02:15')).toEqual([change, change]);
  expect(on('02:45')).toEqual([change, change]);
  expect(on('03:00')).toEqual([change, '2026-03-29T12:00:00.000Z']);
  // Clocks were local then, to the second.
  expect(shiftOf('day=1800-01-01&shift=03%3A00', 'Europe/Berlin')[1]).toBe('1800-01-01');
  expect(shiftOf('day=0000-01-01&shift=03%3A00', 'Europe/Amsterdam')[1]).toBe('0000-01-01');
});

it('has one shift of a whole day, and the usual shifts where none is set', () => {
  chooseShifts([{ name: 'Day', start: '00:00' }], '');
  expect(shiftOf('')).toEqual(['00:00', '2026-11-27', '2026-11-27T00:00:00.000Z', '2026-11-28T00:00:00.000Z']);
  chooseShifts([], '');
  expect(shiftsNow().map(({ id }) => id)).toEqual(['early', 'late', 'night']);
  expect(shiftZone('UTC')).toBe('UTC');
});
