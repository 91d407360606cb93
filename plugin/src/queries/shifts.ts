import { dateTimeForTimeZone, type TimeZone } from '@grafana/data';

export type ShiftId = 'early' | 'late' | 'night';

/** A shift of the day, in the time zone of the page. */
export interface Shift {
  id: ShiftId;
  /** Hour of the day; a shift ends when the next one starts. */
  startHour: number;
}

export const SHIFTS: readonly Shift[] = [
  { id: 'early', startHour: 6 },
  { id: 'late', startHour: 14 },
  { id: 'night', startHour: 22 },
];

/** So long after its end, all of a shift is in the roll-ups: hours are computed every five minutes. */
export const SETTLED_AFTER_MS = 10 * 60_000;

export interface ShiftChoice {
  shift: Shift;
  /** The day on which the shift starts, as `2026-11-28`. */
  day: string;
  /** Milliseconds since the epoch. */
  fromMs: number;
  toMs: number;
}

/**
 * The shift of the address: parameters `day` and `shift`; without them, or with a day that is none, the last one that is over.
 * @param nowMs milliseconds since the epoch
 */
export function readShift(parameters: URLSearchParams, timeZone: TimeZone, nowMs = Date.now()): ShiftChoice {
  const day = parameters.get('day') ?? '';
  const chosen = SHIFTS.findIndex(({ id }) => id === parameters.get('shift'));
  if (chosen >= 0 && /^\d{4}-\d\d-\d\d$/.test(day) && dateTimeForTimeZone(timeZone, day).isValid()) {
    return shiftOn(day, chosen, timeZone);
  }
  return lastShift(timeZone, nowMs);
}

/** The shift that ended last. */
export function lastShift(timeZone: TimeZone, nowMs: number): ShiftChoice {
  const days = [0, 1, 2].map((back) => dateTimeForTimeZone(timeZone, nowMs).subtract(back, 'd').format('YYYY-MM-DD'));
  const all = days.flatMap((day) => SHIFTS.map((_, index) => shiftOn(day, index, timeZone)));
  const over = all.filter(({ toMs }) => toMs <= nowMs).sort((a, b) => b.toMs - a.toMs);
  return over[0] ?? shiftOn(days[1] ?? '', 0, timeZone);
}

/** The same shift so many days later, or earlier. */
export function shiftDays({ day, shift }: ShiftChoice, days: number, timeZone: TimeZone): ShiftChoice {
  const other = dateTimeForTimeZone(timeZone, day).add(days, 'd').format('YYYY-MM-DD');
  return shiftOn(other, SHIFTS.indexOf(shift), timeZone);
}

function shiftOn(day: string, index: number, timeZone: TimeZone): ShiftChoice {
  const shift = SHIFTS[index] ?? (SHIFTS[0] as Shift);
  const next = SHIFTS[index + 1];
  // By the clock on the wall: a shift over the change to summer time is an hour shorter.
  const at = (hour: number, addDays: number) =>
    dateTimeForTimeZone(
      timeZone,
      `${dateTimeForTimeZone(timeZone, day).add(addDays, 'd').format('YYYY-MM-DD')}T${String(hour).padStart(2, '0')}:00:00`
    ).valueOf();
  const toMs = next ? at(next.startHour, 0) : at(SHIFTS[0]?.startHour ?? 0, 1);
  return { shift, day, fromMs: at(shift.startHour, 0), toMs };
}
