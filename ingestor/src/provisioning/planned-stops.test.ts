import { expect, test } from 'vitest';
import { plannedStops } from './planned-stops.ts';

test('days and times in a time zone; a range can cross the end of the week', () => {
  expect(plannedStops('saturday:monday,wednesday 00:00-24:00 Europe/Berlin; 22:00-24:00')).toEqual({
    name: 'Floorwatch planned stops',
    time_intervals: [
      {
        weekdays: ['saturday', 'sunday', 'monday', 'wednesday'],
        times: [{ start_time: '00:00', end_time: '24:00' }],
        location: 'Europe/Berlin',
      },
      { times: [{ start_time: '22:00', end_time: '24:00' }], location: 'UTC' },
    ],
  });
});

test.each(['sundays 00:00-24:00', 'always', '9-17', ''])('%s is not a time, and the error shows the form', (text) => {
  expect(() => plannedStops(text)).toThrow(/ALERT_PLANNED_STOPS.*saturday:sunday 00:00-24:00/);
});
