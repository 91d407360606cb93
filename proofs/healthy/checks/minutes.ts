import type { Row, ViewCheck } from '../compare/reading.ts';
import { SettledRows, type SettledRow } from '../compare/settled.ts';
import type { Ledger } from '../fleet/ledger.ts';
import {
  MINUTE_MS,
  reportedSeconds,
  robotPeriods,
  secondsIn,
  settledSinceMs,
  STATES,
  type RobotPeriod,
} from '../reference/robot-periods.ts';

/** Refreshed every minute, and again if the events arrived while it ran. */
const ALLOWED_MS = 150_000;

interface RobotMinute {
  robotId: string;
  startMs: number;
  sinceMs: number;
  period: RobotPeriod;
  /** Counts for the whole fleet. */
  isOfFleet: boolean;
}

export function minuteChecks(ledger: Ledger): ViewCheck[] {
  const minutes = (): RobotMinute[] =>
    [...ledger.robots].flatMap(([robotId, sent]) =>
      [...robotPeriods(sent, MINUTE_MS)].map(([startMs, period]) => ({
        ...{ robotId, startMs, period, sinceMs: settledSinceMs(sent, startMs) },
        isOfFleet: period.clock_ahead_events === 0,
      }))
    );
  return [robotMinutes(minutes), throughput(minutes), stateShares(minutes)];
}

function robotMinutes(minutes: () => RobotMinute[]): ViewCheck {
  const settled = new SettledRows(ALLOWED_MS);
  return {
    view: 'v_robot_minutes',
    query: 'SELECT *, toUnixTimestamp(minute) * 1000 AS start_ms FROM v_robot_minutes',
    allowedMs: ALLOWED_MS,
    compare(rows, reading) {
      const expected = minutes().map(({ robotId, startMs, sinceMs, period }) => {
        const { battery_first: first, battery_last: last } = period;
        const battery_change = first === null || last === null ? null : last - first;
        return [`${robotId} ${startMs}`, { values: { ...period, battery_change }, sinceMs }] as const;
      });
      return settled.compare(
        new Map(expected),
        rows,
        (row) => `${String(row['robot_id'])} ${String(row['start_ms'])}`,
        reading
      );
    },
  };
}

function throughput(minutes: () => RobotMinute[]): ViewCheck {
  const settled = new SettledRows(ALLOWED_MS);
  return {
    view: 'v_throughput',
    query: 'SELECT *, toUnixTimestamp(minute) * 1000 AS start_ms FROM v_throughput',
    allowedMs: ALLOWED_MS,
    compare(rows, reading) {
      const expected = new Map<string, SettledRow>();
      for (const [startMs, of] of Map.groupBy(minutes(), ({ startMs }) => startMs)) {
        const counted = of.filter(({ isOfFleet }) => isOfFleet).map(({ period }) => period);
        if (counted.length === 0) continue;
        const sum = (column: 'events'): number => counted.reduce((total, period) => total + period[column], 0);
        const columns = ['events', 'tasks_started', 'tasks_completed', 'tasks_failed', 'distance_metres', 'errors'];
        const sums = Object.fromEntries(columns.map((column) => [column, sum(column as 'events')]));
        const robots = counted.filter(({ events }) => events > 0).length;
        expected.set(String(startMs), { values: { ...sums, robots }, sinceMs: newestOf(of) });
      }
      return settled.compare(expected, rows, (row) => String(row['start_ms']), reading);
    },
  };
}

function stateShares(minutes: () => RobotMinute[]): ViewCheck {
  const settled = new SettledRows(ALLOWED_MS);
  const keyOf = (row: Row): string => `${String(row['start_ms'])} ${String(row['state'])}`;
  return {
    view: 'v_state_shares',
    query: 'SELECT *, toUnixTimestamp(minute) * 1000 AS start_ms FROM v_state_shares',
    allowedMs: ALLOWED_MS,
    compare(rows, reading) {
      const expected = new Map<string, SettledRow>();
      const started = minutes().filter(({ startMs }) => startMs + MINUTE_MS <= reading.answeredMs);
      for (const [startMs, of] of Map.groupBy(started, ({ startMs }) => startMs)) {
        const counted = of.filter(({ isOfFleet }) => isOfFleet).map(({ period }) => period);
        if (counted.length === 0) continue;
        const all = 60 * counted.length;
        const sinceMs = Math.max(newestOf(of), startMs + MINUTE_MS);
        const total = (of: (period: RobotPeriod) => number): number =>
          counted.reduce((sum, period) => sum + of(period), 0);
        const shares = STATES.map((state) => [state, total((period) => secondsIn(period, state))] as const);
        for (const [state, seconds] of [...shares, ['silent', Math.max(0, all - total(reportedSeconds))] as const]) {
          const key = keyOf({ start_ms: startMs, state });
          expected.set(key, { values: { seconds, percent: (100 * seconds) / all }, sinceMs });
        }
      }
      return settled.compare(expected, rows, keyOf, reading);
    },
  };
}

function newestOf(minutes: readonly RobotMinute[]): number {
  return Math.max(...minutes.map(({ sinceMs }) => sinceMs));
}
