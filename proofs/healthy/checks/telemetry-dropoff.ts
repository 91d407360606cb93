import { between, differences } from '../compare/differences.ts';
import type { ViewCheck } from '../compare/reading.ts';
import type { Ledger, SentEvent } from '../fleet/ledger.ts';
import { FleetStates, SILENT_MS } from '../reference/now-states.ts';
import { HOUR_MS, robotPeriods } from '../reference/robot-periods.ts';
import { CLOCK_SECONDS, SILENCE_ALLOWED_SECONDS } from './fleet-now.ts';

/** v_telemetry_dropoff: silent for three times the robot's usual longest gap, while others still report. */
export function telemetryDropoffCheck(ledger: Ledger): ViewCheck {
  const states = new FleetStates();
  const seen = new Set<string>();
  return {
    view: 'v_telemetry_dropoff',
    query: 'SELECT *, toUnixTimestamp64Milli(last_ts) AS ts_ms FROM v_telemetry_dropoff',
    allowedMs: SILENCE_ALLOWED_SECONDS * 1000,
    compare(rows, { askedMs, answeredMs }) {
      const verdict = { compared: 0, mismatches: [] as string[], delayMs: 0 };
      const rowOf = new Map(rows.map((row) => [String(row['robot_id']), row]));
      if (rowOf.size !== rows.length) verdict.mismatches.push('a robot has two rows');
      const lastSentMs = Math.max(0, ...ledger.ticks);
      for (const [robotId, sent] of ledger.robots) {
        const state = states.of(robotId, sent).after(sent.length);
        if (!state) continue;
        verdict.compared += 1;
        const row = rowOf.get(robotId);
        const allowedSeconds = allowedSilenceSeconds(sent, askedMs);
        const [leastSeconds, mostSeconds] = [
          (askedMs - state.lastSentMs) / 1000 - SILENCE_ALLOWED_SECONDS,
          (answeredMs - state.lastSentMs) / 1000 + CLOCK_SECONDS,
        ];
        const mayAppear = mostSeconds > allowedSeconds && state.state !== 'offline';
        const mustAppear = mayAppear && leastSeconds > allowedSeconds && answeredMs - lastSentMs < SILENT_MS;
        if (!row && mustAppear) verdict.mismatches.push(`${robotId}: is missing`);
        if (row && !mayAppear) verdict.mismatches.push(`${robotId}: should not be there`);
        if (!row || !mayAppear) continue;
        const expected = {
          silent_seconds: between(leastSeconds, mostSeconds),
          allowed_seconds: allowedSeconds,
          ts_ms: state.newest.tsMs,
          site_id: state.siteId,
          map_id: state.placed?.mapId ?? null,
        };
        verdict.mismatches.push(...differences(expected, row).map((text) => `${robotId}: ${text}`));
        if (!seen.has(robotId)) {
          seen.add(robotId);
          verdict.delayMs = Math.max(verdict.delayMs, answeredMs - state.lastSentMs - 1000 * allowedSeconds);
        }
      }
      for (const robotId of rowOf.keys()) {
        if (!ledger.robots.has(robotId)) verdict.mismatches.push(`${robotId}: should not exist`);
      }
      return verdict;
    },
  };
}

/** Three times the median of its hours' longest gaps of a day, 60 to 600 s. */
function allowedSilenceSeconds(sent: readonly SentEvent[], nowMs: number): number {
  const hours = [...robotPeriods(sent, HOUR_MS)].filter(([startMs]) => startMs >= nowMs - 24 * HOUR_MS);
  const gaps = hours.map(([, { max_gap_seconds }]) => max_gap_seconds).sort((a, b) => a - b);
  const middle = (gaps.length - 1) / 2;
  const median = ((gaps[Math.floor(middle)] ?? 0) + (gaps[Math.ceil(middle)] ?? 0)) / 2;
  return Math.max(60, Math.min(600, 3 * median));
}
