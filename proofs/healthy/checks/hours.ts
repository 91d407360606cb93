import { between, type Expected } from '../compare/differences.ts';
import type { ViewCheck } from '../compare/reading.ts';
import type { Ledger, SentEvent } from '../fleet/ledger.ts';
import { HOUR_MS, reportedSeconds, robotPeriods, type RobotPeriod } from '../reference/robot-periods.ts';
import { perRobotCheck } from './per-robot.ts';

/** From minutes that are refreshed every minute; the proof refreshes hours more often than every five minutes. */
const ALLOWED_MS = 180_000;
/** Until minutes and then hours are refreshed twice. */
const GRACE_MS = 140_000;

const hoursOf = (sent: readonly SentEvent[]): [number, RobotPeriod][] => [...robotPeriods(sent, HOUR_MS)];
const ratio = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

/** The sum of its minutes, each of which also marks an event that reaches into it. */
function hourRow({ clock_ahead_events: least, ...hour }: RobotPeriod): Expected {
  return { ...hour, clock_ahead_events: between(least, least === 0 ? 0 : least + 60) };
}

export function hourChecks(ledger: Ledger): ViewCheck[] {
  const byHour = (row: Record<string, unknown>): string => String(row['start_ms']);
  return [
    perRobotCheck(ledger, {
      view: 'v_robot_hours',
      query: 'SELECT *, toUnixTimestamp(hour) * 1000 AS start_ms FROM v_robot_hours',
      allowedMs: ALLOWED_MS,
      graceMs: GRACE_MS,
      keyOf: byHour,
      answer: (sent) => new Map(hoursOf(sent).map(([startMs, hour]) => [String(startMs), hourRow(hour)])),
    }),
    perRobotCheck(ledger, {
      view: 'v_utilisation',
      query: 'SELECT *, toUnixTimestamp(hour) * 1000 AS start_ms FROM v_utilisation',
      allowedMs: ALLOWED_MS,
      graceMs: GRACE_MS,
      keyOf: byHour,
      answer: (sent) =>
        new Map(
          hoursOf(sent).map(([startMs, hour]) => {
            const { seconds_working } = hour;
            const seconds_reported = reportedSeconds(hour);
            const share = ratio(seconds_working, seconds_reported);
            const percent = share === null ? null : 100 * share;
            return [String(startMs), { seconds_working, seconds_reported, percent }];
          })
        ),
    }),
    perRobotCheck(ledger, {
      view: 'v_reliability',
      query: 'SELECT * FROM v_reliability',
      allowedMs: ALLOWED_MS,
      graceMs: GRACE_MS,
      keyOf: () => 'last 30 days',
      answer: (sent) => {
        const hours = hoursOf(sent).map(([, hour]) => hour);
        const sum = (of: (hour: RobotPeriod) => number): number => hours.reduce((total, hour) => total + of(hour), 0);
        const failures = sum((hour) => hour.stops);
        const operating_hours = sum((hour) => hour.seconds_working + hour.seconds_idle) / 3600;
        const stuckMinutes = sum((hour) => hour.seconds_error + hour.seconds_blocked + hour.seconds_manual) / 60;
        const missions = sum((hour) => hour.tasks_completed);
        const answer = {
          ...{ failures, operating_hours, mtbf_hours: ratio(operating_hours, failures) },
          ...{ mttr_minutes: ratio(stuckMinutes, failures), missions },
          missions_before_intervention: ratio(missions, failures),
        };
        return new Map(hours.length === 0 ? [] : [['last 30 days', answer]]);
      },
    }),
  ];
}
