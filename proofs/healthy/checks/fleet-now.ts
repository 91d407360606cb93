import { between, differences, type Expected } from '../compare/differences.ts';
import { matchPrefix } from '../compare/prefix.ts';
import type { Reading, ViewCheck } from '../compare/reading.ts';
import type { Ledger } from '../fleet/ledger.ts';
import { isInside, ZONES } from '../fleet/floor.ts';
import { FIRMWARE } from '../fleet/report.ts';
import { FleetStates, SILENT_MS, statusOf, type NowState } from '../reference/now-states.ts';

/** Stored events are behind what was sent by this at most. */
export const NOW_ALLOWED_MS = 30_000;
/** A path reports how far it got every few seconds; until then no robot is known to be silent. */
export const SILENCE_ALLOWED_SECONDS = 30;
/** Nothing arrives before it was sent, but for what two readings of one clock differ by. */
export const CLOCK_SECONDS = 0.05;
/** A clock is wrong from here on. */
const WRONG_CLOCK_SECONDS = 60;
/** Of arrivals, until a delay that all of them have is the clock. */
const HEARD_SECONDS = 30;

/** v_fleet_now: each robot's row is what it said after some number of its events. */
export function fleetNowCheck(ledger: Ledger): ViewCheck {
  const states = new FleetStates();
  return {
    view: 'v_fleet_now',
    query: `SELECT *, toUnixTimestamp64Milli(ts) AS ts_ms, toUnixTimestamp64Milli(position_ts) AS position_ms,
      toUnixTimestamp64Milli(reported_state_since) AS since_ms, toUnixTimestamp64Milli(reported_at) AS reported_ms FROM v_fleet_now`,
    allowedMs: NOW_ALLOWED_MS,
    compare(rows, reading) {
      const verdict = { compared: 0, mismatches: [] as string[], delayMs: 0 };
      const rowOf = new Map(rows.map((row) => [row['robot_id'], row]));
      if (rowOf.size !== rows.length) verdict.mismatches.push('a robot has two rows');
      for (const [robotId, sent] of ledger.robots) {
        const known = states.of(robotId, sent);
        const row = rowOf.get(robotId);
        const match = matchPrefix(sent, reading, NOW_ALLOWED_MS, (length) => {
          const state = known.after(length);
          if (!state || !row) return state || row ? ['is missing'] : [];
          return differences(expectedRow(state, reading), row);
        });
        verdict.compared += 1;
        verdict.delayMs = Math.max(verdict.delayMs, match.delayMs);
        if (match.length === null) verdict.mismatches.push(`${robotId}: ${match.wrong.join('; ')}`);
      }
      for (const robotId of rowOf.keys()) {
        if (!ledger.robots.has(String(robotId))) verdict.mismatches.push(`${String(robotId)}: should not exist`);
      }
      return verdict;
    },
  };
}

function expectedRow(state: NowState, reading: Reading): Expected {
  const { newest, placed } = state;
  const ageSeconds = (reading.askedMs - state.lastSentMs) / 1000;
  const oldestSeconds = (reading.answeredMs - state.lastSentMs) / 1000 + CLOCK_SECONDS;
  return {
    ts_ms: newest.tsMs,
    // the earlier of event time and arrival
    reported_ms: between(
      Math.min(newest.tsMs, newest.sentMs - CLOCK_SECONDS * 1000),
      Math.min(newest.tsMs, newest.sentMs + NOW_ALLOWED_MS)
    ),
    last_event_type: newest.eventType,
    x: placed?.x ?? null,
    y: placed?.y ?? null,
    map_id: placed?.mapId ?? null,
    position_ms: placed?.tsMs ?? null,
    localization_score: placed?.score ?? null,
    deviation_metres: placed?.deviationMetres ?? null,
    placed: placed ? 1 : 0,
    site_id: state.siteId,
    speed: state.speed,
    battery: state.battery,
    state: state.state,
    task_id: state.taskId,
    error_code: state.errorCode,
    firmware: FIRMWARE,
    status: statusesOf(state, reading),
    silent_seconds: between(Math.max(0, ageSeconds - SILENCE_ALLOWED_SECONDS), Math.max(0, oldestSeconds)),
    age_seconds: between(Math.max(0, ageSeconds - SILENCE_ALLOWED_SECONDS), Math.max(0, oldestSeconds)),
    ...clockColumns(state, reading),
    ...zoneColumns(state),
  };
}

/** A clock that is behind is known half a minute after the robot's first event: events that it kept would be late too. */
function clockColumns(state: NowState, reading: Reading): Expected {
  const { clockOffsetMs, firstSentMs, lastSentMs } = state;
  const offsetSeconds = clockOffsetMs / 1000;
  const heardSeconds = (lastSentMs - firstSentMs) / 1000;
  if (offsetSeconds > WRONG_CLOCK_SECONDS && heardSeconds < HEARD_SECONDS + 10)
    // An event can arrive seconds after it was sent.
    return heardSeconds < HEARD_SECONDS - 10
      ? { clock_offset_seconds: null, clock_wrong: 0, ...sinceColumns({ ...state, clockOffsetMs: 0 }, reading) }
      : {};
  return {
    clock_offset_seconds: between(offsetSeconds - CLOCK_SECONDS, offsetSeconds + NOW_ALLOWED_MS / 1000),
    clock_wrong: Math.abs(offsetSeconds) > WRONG_CLOCK_SECONDS ? 1 : 0,
    ...sinceColumns(state, reading),
  };
}

/** The smallest zone around its place; the zones of the proof do not overlap. */
export function zoneColumns({ placed }: NowState): { zone_id: string | null; zone_name: string | null } {
  const zone = placed && ZONES.find((each) => isInside(each, placed.x ?? 0, placed.y ?? 0));
  return { zone_id: zone?.zoneId ?? null, zone_name: zone?.zoneId ?? null };
}

/**
 * Between the last event of another state, which counts for up to a minute if events arrive in the wrong order, and the first one of
 * this state. An event from a clock that is ahead counts from its arrival; a clock that is behind is corrected by its offset.
 * The seconds of a robot that is silent are those since it fell silent.
 */
function sinceColumns(state: NowState, reading: Reading): Expected {
  const { start, clockOffsetMs, lastSentMs } = state;
  const correctionMs = clockOffsetMs > WRONG_CLOCK_SECONDS * 1000 ? clockOffsetMs : 0;
  const reported = start && [start.beforeMs + correctionMs, start.sinceMs + NOW_ALLOWED_MS + correctionMs];
  const silent = [lastSentMs + SILENT_MS, lastSentMs + SILENT_MS + NOW_ALLOWED_MS];
  const possible = statusesOf(state, reading).map((status) =>
    status === 'silent' || (status === 'offline' && state.state !== 'offline') ? silent : reported
  );
  const times = possible.flatMap((range) => range ?? []);
  const since_ms = reported ? between(reported[0] ?? 0, reported[1] ?? 0) : null;
  if (times.length === 0) return { since_ms, state_seconds: null };
  // Of a robot that never said what it does, it is not yet known whether there is a time.
  if (possible.includes(null)) return { since_ms };
  return {
    since_ms,
    state_seconds: between(
      Math.max(0, (reading.askedMs - Math.max(...times)) / 1000),
      Math.max(0, (reading.answeredMs - Math.min(...times)) / 1000 + CLOCK_SECONDS)
    ),
  };
}

/** Both answers are right while it is not yet known whether the robot is silent. */
function statusesOf(state: NowState, { askedMs, answeredMs }: Reading): string[] {
  const surelyHeardMs = answeredMs + CLOCK_SECONDS * 1000;
  const surelySilentMs = askedMs - SILENCE_ALLOWED_SECONDS * 1000;
  const nowMs = surelyHeardMs - state.lastSentMs <= SILENT_MS ? surelyHeardMs : surelySilentMs;
  return [...new Set([statusOf(state, nowMs), statusOf(state, surelyHeardMs)])];
}
