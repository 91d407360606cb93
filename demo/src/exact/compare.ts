import type { ClickHouseClient } from '@clickhouse/client';
import { minutesOf, type MinuteTruth } from './minutes.ts';
import { plannedEvent, robotName, type FleetPlan, type PlannedEvent } from './plan.ts';
import { runsOf } from './runs.ts';

/** Robots whose truth is in memory at a time. */
const ROBOTS_AT_ONCE = 500;
/** Float32 columns keep 7 digits; a minute's distance is a sum of some dozen of them. */
const TOLERANCE = 2e-3;

export interface Mismatches {
  rollup: number;
  task: number;
  /** The first few, in words. */
  examples: string[];
}

type MinuteRow = MinuteTruth & { robot_id: string; minute_ms: number };
interface RunRow {
  robot_id: string;
  task_id: string;
  started_ms: number;
  ended_ms: number | null;
  outcome: string;
}

/** Computes every robot's minutes and task runs from the plan and holds them against what ClickHouse answers. */
export async function findMismatches(client: ClickHouseClient, plan: FleetPlan): Promise<Mismatches> {
  const found: Mismatches = { rollup: 0, task: 0, examples: [] };
  const report = (kind: 'rollup' | 'task', text: string): void => {
    found[kind] += 1;
    if (found.examples.length < 10) found.examples.push(`${kind}: ${text}`);
  };
  for (let first = 0; first < plan.robots; first += ROBOTS_AT_ONCE) {
    const robots = Array.from({ length: Math.min(ROBOTS_AT_ONCE, plan.robots - first) }, (_, i) => first + i);
    const range = `robot_id BETWEEN '${robotName(first)}' AND '${robotName(first + robots.length - 1)}'`;
    const minutes = Map.groupBy(await minuteRows(client, range), (row) => row.robot_id);
    const runs = Map.groupBy(await runRows(client, range), (row) => row.robot_id);
    for (const robot of robots) {
      const events = eventsOf(plan, robot);
      const name = robotName(robot);
      compareMinutes(minutesOf(events), minutes.get(name) ?? [], (text) => {
        report('rollup', `${name} ${text}`);
      });
      compareRuns(events, runs.get(name) ?? [], (text) => {
        report('task', `${name} ${text}`);
      });
    }
  }
  return found;
}

function eventsOf(plan: FleetPlan, robot: number): PlannedEvent[] {
  const events = Array.from({ length: plan.stepsPerRobot }, (_, step) => plannedEvent(plan, robot, step));
  return events.sort((a, b) => a.tsMs - b.tsMs);
}

function compareMinutes(
  truth: Map<number, MinuteTruth>,
  rows: readonly MinuteRow[],
  report: (text: string) => void
): void {
  const stored = new Map(rows.map((row) => [row.minute_ms, row]));
  for (const minuteMs of new Set([...truth.keys(), ...stored.keys()])) {
    const expected = truth.get(minuteMs);
    const actual = stored.get(minuteMs);
    const when = new Date(minuteMs).toISOString();
    if (!expected || !actual) {
      report(`${when}: ${actual ? 'should not exist' : 'is missing'}`);
      continue;
    }
    const wrong = (Object.keys(expected) as (keyof MinuteTruth)[]).filter((key) => !close(expected[key], actual[key]));
    if (wrong.length > 0)
      report(`${when}: ${wrong.map((key) => `${key} ${actual[key]}, not ${expected[key]}`).join('; ')}`);
  }
}

function compareRuns(events: readonly PlannedEvent[], rows: readonly RunRow[], report: (text: string) => void): void {
  const name = (taskId: string, startedMs: number, endedMs: number | null, outcome: string): string =>
    `${taskId} from ${startedMs} to ${endedMs}: ${outcome}`;
  const expected = new Set(runsOf(events).map((run) => name(run.taskId, run.startedMs, run.endedMs, run.outcome)));
  const actual = new Set(rows.map((row) => name(row.task_id, row.started_ms, row.ended_ms, row.outcome)));
  if (actual.size !== rows.length) report('a run is there twice');
  for (const run of expected) if (!actual.has(run)) report(`${run} is missing`);
  for (const run of actual) if (!expected.has(run)) report(`${run} should not exist`);
}

function close(expected: number | null, actual: number | null): boolean {
  if (expected === null || actual === null) return expected === actual;
  return Math.abs(expected - actual) <= TOLERANCE * Math.max(1, Math.abs(expected));
}

async function minuteRows(client: ClickHouseClient, range: string): Promise<MinuteRow[]> {
  return rows(client, `SELECT *, toUnixTimestamp(minute) * 1000 AS minute_ms FROM v_robot_minutes WHERE ${range}`);
}

async function runRows(client: ClickHouseClient, range: string): Promise<RunRow[]> {
  return rows(
    client,
    `SELECT robot_id, task_id, toUnixTimestamp64Milli(started_at) AS started_ms, toUnixTimestamp64Milli(ended_at) AS ended_ms,
       outcome FROM v_task_runs WHERE ${range}`
  );
}

async function rows<Row>(client: ClickHouseClient, query: string): Promise<Row[]> {
  const settings = { output_format_json_quote_64bit_integers: 0 } as const;
  return (await client.query({ query, format: 'JSONEachRow', clickhouse_settings: settings })).json<Row>();
}
