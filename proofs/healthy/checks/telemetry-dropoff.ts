import { between, differences } from '../compare/differences.ts';
import type { ViewCheck } from '../compare/reading.ts';
import type { Ledger, SentEvent } from '../fleet/ledger.ts';
import { FleetStates, SILENT_MS } from '../reference/now-states.ts';
import { CLOCK_SECONDS, SILENCE_ALLOWED_SECONDS, zoneColumns } from './fleet-now.ts';

const TEN_MINUTES_MS = 600_000;
const DAY_MS = 86_400_000;

/** v_telemetry_dropoff: silent for three times the robot's usual gap, while others still report. */
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
        const mayAppear = mostSeconds > allowedSeconds && state.state !== 'offline' && state.state !== 'maintenance';
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
          state: state.state,
          ...zoneColumns(state),
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

/** Three times the median of the gaps between the last arrival in ten minutes and the next one, of a day, at least 60 s. */
function allowedSilenceSeconds(sent: readonly SentEvent[], nowMs: number): number {
  const times = sent.map(({ sentMs }) => sentMs).filter((sentMs) => sentMs >= nowMs - DAY_MS);
  const bucketOf = (sentMs: number): number => Math.floor(sentMs / TEN_MINUTES_MS);
  const gaps = times.flatMap((sentMs, i) => {
    const previousMs = times[i - 1];
    return previousMs === undefined || bucketOf(previousMs) === bucketOf(sentMs) ? [] : [(sentMs - previousMs) / 1000];
  });
  const sorted = gaps.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const median = ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
  return Math.max(60, Math.min(3 * median, gaps.length < 3 ? 3_600 : Infinity));
}
