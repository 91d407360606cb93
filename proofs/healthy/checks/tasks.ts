import { runsOf, type ExpectedRun } from '../../reference/task-runs.ts';
import type { Row, ViewCheck } from '../compare/reading.ts';
import { SettledRows, type SettledRow } from '../compare/settled.ts';
import type { Ledger, SentEvent } from '../fleet/ledger.ts';
import { HOUR_MS } from '../reference/robot-periods.ts';
import { distinctByTime } from '../reference/stored.ts';
import { NOW_ALLOWED_MS } from './fleet-now.ts';
import { perRobotCheck } from './per-robot.ts';

const ALLOWED_MS = NOW_ALLOWED_MS;

export function taskChecks(ledger: Ledger): ViewCheck[] {
  return [
    taskRunsCheck(ledger),
    perRobotCheck(ledger, {
      view: 'v_task_times',
      query: 'SELECT * FROM v_task_times',
      allowedMs: ALLOWED_MS,
      graceMs: 0,
      keyOf: () => 'last day',
      answer: (sent, { askedMs }) => {
        const ended = endedRuns(sent).filter(({ endedMs }) => endedMs >= askedMs - 24 * HOUR_MS);
        if (ended.length === 0) return new Map();
        const seconds = ended.map((run) => (run.endedMs - run.startedMs) / 1000).sort((a, b) => a - b);
        const answer = {
          runs: ended.length,
          failed: ended.filter(({ outcome }) => outcome === 'failed').length,
          mean_seconds: seconds.reduce((sum, one) => sum + one, 0) / seconds.length,
          p50_seconds: percentile(seconds, 0.5),
          p95_seconds: percentile(seconds, 0.95),
        };
        return new Map([['last day', answer]]);
      },
    }),
  ];
}

function taskRunsCheck(ledger: Ledger): ViewCheck {
  const settled = new SettledRows(ALLOWED_MS);
  const key = (robotId: string, taskId: string, startedMs: number): string => `${robotId} ${taskId} ${startedMs}`;
  return {
    view: 'v_task_runs',
    query: `SELECT *, toUnixTimestamp64Milli(started_at) AS started_ms, toUnixTimestamp64Milli(ended_at) AS ended_ms FROM v_task_runs`,
    allowedMs: ALLOWED_MS,
    compare(rows, reading) {
      const expected = new Map<string, SettledRow>();
      for (const [robotId, sent] of ledger.robots) {
        const tasks = Map.groupBy(sent.filter(isTaskEvent), ({ taskId }) => taskId);
        for (const run of runsOf(distinctByTime(sent.filter(isTaskEvent)))) {
          const of = tasks.get(run.taskId) ?? [];
          const end = of.find(({ tsMs, eventType }) => tsMs === run.endedMs && eventType !== 'TASK_STARTED');
          const values = {
            ...{
              ended_ms: run.endedMs,
              outcome: run.outcome,
              map_id: end?.mapId ?? '',
              x: end?.x ?? null,
              y: end?.y ?? null,
              error_code: end?.errorCode ?? null,
              site_id: onlyOne(of.map(({ siteId }) => siteId)),
            },
            task_duration: run.endedMs === null ? null : (run.endedMs - run.startedMs) / 1000,
          };
          const sinceMs = Math.max(...of.map(({ sentMs }) => sentMs));
          expected.set(key(robotId, run.taskId, run.startedMs), { values, sinceMs });
        }
      }
      const keyOf = (row: Row): string =>
        key(String(row['robot_id']), String(row['task_id']), Number(row['started_ms']));
      return settled.compare(expected, rows, keyOf, reading);
    },
  };
}

/** The site that all events with a site name. */
function onlyOne(sites: readonly (string | null)[]): string | null {
  const named = new Set(sites.filter((site) => site !== null));
  return named.size === 1 ? ([...named][0] ?? null) : null;
}

function isTaskEvent({ eventType }: SentEvent): boolean {
  return eventType.startsWith('TASK_');
}

function endedRuns(sent: readonly SentEvent[]): (ExpectedRun & { endedMs: number })[] {
  return runsOf(distinctByTime(sent.filter(isTaskEvent))).flatMap((run) =>
    run.endedMs === null ? [] : [{ ...run, endedMs: run.endedMs }]
  );
}

/** Interpolated between the two nearest, as `quantileExactInclusive` and spreadsheets do. */
function percentile(sorted: readonly number[], share: number): number {
  const place = share * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(place)] ?? 0, sorted[Math.ceil(place)] ?? 0];
  return below + (above - below) * (place % 1);
}
