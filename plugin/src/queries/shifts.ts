import { dateTimeForTimeZone, type TimeZone } from '@grafana/data';

/** A shift of the day; it ends when the next one starts. */
export interface Shift {
  /** In the address: `early`, or the start of a shift of Setup, such as `06:30`. */
  id: string;
  /** As Setup has it; '' for a usual one, which has a name in each language. */
  name: string;
  /** Minutes after midnight. */
  startMinute: number;
}

const USUAL: readonly Shift[] = [
  { id: 'early', name: '', startMinute: 6 * 60 },
  { id: 'late', name: '', startMinute: 14 * 60 },
  { id: 'night', name: '', startMinute: 22 * 60 },
];

let plan: { shifts: readonly Shift[]; timeZone: string } = { shifts: USUAL, timeZone: '' };

/**
 * The shifts of this organisation: the usual ones where none is given.
 * @param shifts `start` as `06:30`, each start once @param timeZone as the IANA names it; '' for that of the page
 */
export function chooseShifts(shifts: ReadonlyArray<{ name: string; start: string }>, timeZone: string): void {
  const own = shifts.map(({ name, start }) => {
    const [hours = 0, minutes = 0] = start.split(':').map(Number);
    return { id: start, name, startMinute: 60 * hours + minutes };
  });
  plan = { shifts: own.length === 0 ? USUAL : own.sort((a, b) => a.startMinute - b.startMinute), timeZone };
}

/** In the order of the day; at least one. */
export function shiftsNow(): readonly Shift[] {
  return plan.shifts;
}

/** The time zone of shifts, on a page with this one. */
export function shiftZone(pageZone: TimeZone): TimeZone {
  return plan.timeZone || pageZone;
}

const MINUTE_MS = 60_000;
/** Clocks skip an hour at most, but for a few that skipped more in the past. */
const MOST_SKIPPED_MINUTES = 120;

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
  const chosen = plan.shifts.findIndex(({ id }) => id === parameters.get('shift'));
  if (chosen >= 0 && /^\d{4}-\d\d-\d\d$/.test(day) && dateTimeForTimeZone(timeZone, day).isValid()) {
    return shiftOn(day, chosen, timeZone);
  }
  return lastShift(timeZone, nowMs);
}

/** The shift that ended last. */
export function lastShift(timeZone: TimeZone, nowMs: number): ShiftChoice {
  const days = [0, 1, 2].map((back) => dateTimeForTimeZone(timeZone, nowMs).subtract(back, 'd').format('YYYY-MM-DD'));
  const all = days.flatMap((day) => plan.shifts.map((_, index) => shiftOn(day, index, timeZone)));
  const over = all.filter(({ toMs }) => toMs <= nowMs).sort((a, b) => b.toMs - a.toMs);
  return over[0] ?? shiftOn(days[1] ?? '', 0, timeZone);
}

/** The same shift so many days later, or earlier. */
export function shiftDays({ day, shift }: ShiftChoice, days: number, timeZone: TimeZone): ShiftChoice {
  const other = dateTimeForTimeZone(timeZone, day).add(days, 'd').format('YYYY-MM-DD');
  return shiftOn(
    other,
    plan.shifts.findIndex(({ id }) => id === shift.id),
    timeZone
  );
}

function shiftOn(day: string, index: number, timeZone: TimeZone): ShiftChoice {
  const first = plan.shifts[0] as Shift;
  const shift = plan.shifts[index] ?? first;
  const next = plan.shifts[index + 1];
  const at = (startMinute: number, addDays: number) =>
    whenClockReaches(dateTimeForTimeZone(timeZone, day).add(addDays, 'd').format('YYYY-MM-DD'), startMinute, timeZone);
  const toMs = next ? at(next.startMinute, 0) : at(first.startMinute, 1);
  return { shift, day, fromMs: at(shift.startMinute, 0), toMs };
}

/**
 * By the clock on the wall: a shift over the change to summer time is an hour shorter. A time that the day lacks is when the clock
 * skips it; a time that it has twice is the first one.
 * @returns milliseconds since the epoch
 */
function whenClockReaches(day: string, minuteOfDay: number, timeZone: TimeZone): number {
  const [hours, minutes] = [Math.floor(minuteOfDay / 60), minuteOfDay % 60].map((part) =>
    String(part).padStart(2, '0')
  );
  const read = dateTimeForTimeZone(timeZone, `${day}T${hours}:${minutes}:00`);
  const readMs = read.valueOf();
  if (read.format('HH:mm') === `${hours}:${minutes}`) return readMs;
  // It was read as the same time after the change, which is some minutes before.
  const before = Array.from({ length: MOST_SKIPPED_MINUTES }, (_, k) => readMs - (k + 1) * MINUTE_MS);
  const last = before.find((ms) => dateTimeForTimeZone(timeZone, ms).utcOffset() !== read.utcOffset());
  return last === undefined ? readMs : last + MINUTE_MS;
}
