import { CommandError } from '../errors/errors.ts';

export const PLANNED_STOPS = 'Floorwatch planned stops';

const FORM = /^(?:([a-z]+(?:[:,][a-z]+)*) )?(\d\d:\d\d)-(\d\d:\d\d)(?: ([A-Za-z]+(?:\/[A-Za-z_+-]+)*))?$/;
const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/**
 * Grafana's mute timing of `[WEEKDAYS ]HH:MM-HH:MM[ ZONE]`, several separated by semicolons.
 * @throws CommandError when the text has another form
 */
export function plannedStops(text: string): object {
  return { name: PLANNED_STOPS, time_intervals: text.split(/;\s*/).map(interval) };
}

function interval(text: string): object {
  const [, weekdays, from, to, location = 'UTC'] = FORM.exec(text.trim()) ?? [];
  const isKnown = (weekdays ?? 'monday').split(/[:,]/).every((day) => WEEKDAYS.includes(day));
  if (from === undefined || to === undefined || !isKnown) {
    throw new CommandError(
      'provisioning',
      `ALERT_PLANNED_STOPS: ${JSON.stringify(text)} is not a time. Write it like \`saturday:sunday 00:00-24:00 Europe/Berlin\`.`
    );
  }
  return {
    ...(weekdays === undefined ? {} : { weekdays: weekdays.split(',').flatMap(days) }),
    times: [{ start_time: from, end_time: to }],
    location,
  };
}

/** Each day of `saturday:monday`. Grafana's week begins on Sunday, and it rejects a range across that. */
function days(range: string): string[] {
  const [first = '', last = first] = range.split(':');
  const from = WEEKDAYS.indexOf(first);
  const count = ((WEEKDAYS.indexOf(last) - from + 7) % 7) + 1;
  return Array.from({ length: count }, (_, i) => WEEKDAYS[(from + i) % 7] ?? '');
}
