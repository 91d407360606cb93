import type { ClickHouseClient } from '@clickhouse/client';
import { scheduledEvent, robotName, type FleetSchedule, type ScheduledEvent } from './schedule.ts';
import { isClose } from '../reference/agree.ts';
import { rollUpsOf, type ExpectedRollUp } from '../reference/roll-ups.ts';
import { runsOf } from '../reference/task-runs.ts';

/** Robots whose expected values are in memory at the same time. */
const ROBOTS_AT_ONCE = 500;

const ROLL_UPS = [
  { view: 'v_robot_minutes', column: 'minute', periodMs: 60_000 },
  { view: 'v_robot_hours', column: 'hour', periodMs: 3_600_000 },
] as const;

export interface Comparison {
  /** Number of compared minutes and hours. */
  rollUps: number;
  rollUpMismatches: number;
  taskRuns: number;
  taskMismatches: number;
  /** The first mismatches, as text. */
  examples: string[];
}

type RollUpRow = ExpectedRollUp & { robot_id: string; start_ms: number };
interface RunRow {
  robot_id: string;
  task_id: string;
  started_ms: number;
  ended_ms: number | null;
  outcome: string;
}

/** Computes minutes, hours and task runs of every robot from the schedule and compares them with the views. */
export async function compareWithSchedule(client: ClickHouseClient, schedule: FleetSchedule): Promise<Comparison> {
  const found: Comparison = { rollUps: 0, rollUpMismatches: 0, taskRuns: 0, taskMismatches: 0, examples: [] };
  const report = (text: string): void => {
    if (found.examples.length < 10) found.examples.push(text);
  };
  for (let first = 0; first < schedule.robots; first += ROBOTS_AT_ONCE) {
    const robots = Array.from({ length: Math.min(ROBOTS_AT_ONCE, schedule.robots - first) }, (_, i) => first + i);
    const condition = `robot_id BETWEEN '${robotName(schedule, first)}' AND '${robotName(schedule, first + robots.length - 1)}'`;
    const events = robots.map((robot) => ({ name: robotName(schedule, robot), events: eventsOf(schedule, robot) }));
    for (const { view, column, periodMs } of ROLL_UPS) {
      const stored = Map.groupBy(await rollUpRows(client, view, column, condition), (row) => row.robot_id);
      for (const { name, events: ofRobot } of events) {
        const expectedPeriods = rollUpsOf(ofRobot, periodMs);
        found.rollUps += expectedPeriods.size;
        compareRollUps(expectedPeriods, stored.get(name) ?? [], (text) => {
          found.rollUpMismatches += 1;
          report(`${name}, ${column} of ${text}`);
        });
      }
    }
    const runs = Map.groupBy(await runRows(client, condition), (row) => row.robot_id);
    for (const { name, events: ofRobot } of events) {
      found.taskRuns += compareRuns(ofRobot, runs.get(name) ?? [], (text) => {
        found.taskMismatches += 1;
        report(`${name}, ${text}`);
      });
    }
  }
  return found;
}

function eventsOf(schedule: FleetSchedule, robot: number): ScheduledEvent[] {
  const events = Array.from({ length: schedule.stepsPerRobot }, (_, step) => scheduledEvent(schedule, robot, step));
  return events.sort((a, b) => a.tsMs - b.tsMs);
}

function compareRollUps(
  expectedPeriods: Map<number, ExpectedRollUp>,
  rows: readonly RollUpRow[],
  report: (text: string) => void
): void {
  const stored = new Map(rows.map((row) => [row.start_ms, row]));
  if (stored.size !== rows.length) report('a period exists twice');
  for (const startMs of new Set([...expectedPeriods.keys(), ...stored.keys()])) {
    const expected = expectedPeriods.get(startMs);
    const actual = stored.get(startMs);
    const when = new Date(startMs).toISOString();
    if (!expected || !actual) {
      report(`${when}: ${actual ? 'should not exist' : 'is missing'}`);
      continue;
    }
    const wrong = (Object.keys(expected) as (keyof ExpectedRollUp)[]).filter((key) => !agrees(key, expected, actual));
    if (wrong.length > 0)
      report(`${when}: ${wrong.map((key) => `${key} ${actual[key]}, not ${expected[key]}`).join('; ')}`);
  }
}

/** @returns the number of runs in the schedule */
function compareRuns(
  events: readonly ScheduledEvent[],
  rows: readonly RunRow[],
  report: (text: string) => void
): number {
  const name = (taskId: string, startedMs: number, endedMs: number | null, outcome: string): string =>
    `${taskId} from ${startedMs} to ${endedMs}: ${outcome}`;
  const expected = new Set(runsOf(events).map((run) => name(run.taskId, run.startedMs, run.endedMs, run.outcome)));
  const actual = new Set(rows.map((row) => name(row.task_id, row.started_ms, row.ended_ms, row.outcome)));
  if (actual.size !== rows.length) report('a run exists twice');
  for (const run of expected) if (!actual.has(run)) report(`${run} is missing`);
  for (const run of actual) if (!expected.has(run)) report(`${run} should not exist`);
  return expected.size;
}

const MEASURED = /^(?:distance_|speed_mean|battery_(?!reports)|seconds_|max_gap_)/;

function agrees(key: keyof ExpectedRollUp, expected: ExpectedRollUp, actual: ExpectedRollUp): boolean {
  const [wanted, given] = [expected[key], actual[key]];
  if (wanted === null || given === null || !MEASURED.test(key)) return wanted === given;
  return isClose(wanted, given);
}

async function rollUpRows(
  client: ClickHouseClient,
  view: string,
  column: string,
  condition: string
): Promise<RollUpRow[]> {
  return rows(client, `SELECT *, toUnixTimestamp(${column}) * 1000 AS start_ms FROM ${view} WHERE ${condition}`);
}

async function runRows(client: ClickHouseClient, condition: string): Promise<RunRow[]> {
  return rows(
    client,
    `SELECT robot_id, task_id, toUnixTimestamp64Milli(started_at) AS started_ms, toUnixTimestamp64Milli(ended_at) AS ended_ms,
       outcome FROM v_task_runs WHERE ${condition}`
  );
}

async function rows<Row>(client: ClickHouseClient, query: string): Promise<Row[]> {
  const settings = { output_format_json_quote_64bit_integers: 0 } as const;
  return (await client.query({ query, format: 'JSONEachRow', clickhouse_settings: settings })).json<Row>();
}
