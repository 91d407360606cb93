import type { ClickHouseClient } from '@clickhouse/client';
import { compareWithSchedule } from './compare.ts';
import { robotName, type FleetSchedule } from './schedule.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const OUTAGE_DAYS = 3;
const VERY_LATE_DAYS = 55;
/** Ahead of the events by more than the proof takes, or behind. */
const CLOCKS_MS = [2 * HOUR_MS, 20 * HOUR_MS, -3 * MINUTE_MS, -HOUR_MS, -20 * HOUR_MS];

/** What the cases need of the running stack. */
export interface ExactStack {
  owner: ClickHouseClient;
  /** Publishes all events of a fleet and waits until both paths have stored them. */
  publish: (schedule: FleetSchedule) => Promise<void>;
  /** Refreshes the roll-ups until nothing is left to compute. */
  settle: () => Promise<void>;
}

export interface CaseResult {
  mismatches: number;
  examples: string[];
}

/** Robots with clocks that are hours ahead or behind: exact for themselves, and absent from figures of the fleet in the future. */
export async function wrongClocks(stack: ExactStack, seed: number): Promise<CaseResult> {
  const fleet: FleetSchedule = {
    ...{ name: 'clock', robots: 10, stepsPerRobot: 300, startMs: secondsAgo(300), stepMs: 1000, seed: seed + 1 },
    ...{ hasLateEvents: false, clocksMs: CLOCKS_MS },
  };
  await stack.publish(fleet);
  await stack.settle();
  const result = await compared(stack.owner, fleet);
  const robots = Array.from({ length: fleet.robots }, (_, robot) => robot);
  const isAhead = (robot: number): boolean => (CLOCKS_MS[robot % CLOCKS_MS.length] ?? 0) > 0;
  const marked = await rows<{ robot_id: string; ahead: number }>(
    stack.owner,
    `SELECT robot_id, sum(clock_ahead_events) AS ahead FROM v_robot_minutes
     WHERE startsWith(robot_id, 'clock-') AND events > 0 GROUP BY robot_id`
  );
  const byRobot = new Map(marked.map((row) => [row.robot_id, row]));
  for (const robot of robots) {
    const row = byRobot.get(robotName(fleet, robot));
    // An event that reaches into the next minute is marked there too.
    const [least, most] = isAhead(robot) ? [fleet.stepsPerRobot, fleet.stepsPerRobot + 10] : [0, 0];
    const ahead = row?.ahead ?? NaN;
    if (!(ahead >= least && ahead <= most))
      fail(result, `${robotName(fleet, robot)}: ${ahead} events marked as ahead, not ${least} to ${most}`);
  }
  const now = await rows<{ robot_id: string; clock_offset_seconds: number | null; clock_wrong: number }>(
    stack.owner,
    `SELECT robot_id, clock_offset_seconds, clock_wrong FROM v_fleet_now WHERE startsWith(robot_id, 'clock-') AND NOT clock_wrong`
  );
  // All events are sent within seconds. Those of a clock that is behind look like events that a robot kept, so it can be unknown.
  const ahead = new Set(robots.filter(isAhead).map((robot) => robotName(fleet, robot)));
  for (const { robot_id, clock_offset_seconds } of now)
    if (ahead.has(robot_id) || clock_offset_seconds !== null)
      fail(result, `${robot_id}: clock off by ${clock_offset_seconds} s is not wrong`);
  const ofFleet = await rows<{ text: string }>(
    stack.owner,
    `SELECT toString(t.minute) AS text FROM v_throughput AS t WHERE t.minute > now('UTC') + INTERVAL 2 MINUTE`
  );
  for (const { text } of ofFleet) fail(result, `v_throughput has ${text}, which has not come yet`);
  return result;
}

/** Events of 55 days ago: exact, and nobody else's minutes are computed again. */
export async function veryLateEvents(stack: ExactStack, seed: number): Promise<CaseResult> {
  const fleet: FleetSchedule = {
    ...{ name: 'verylate', robots: 20, stepsPerRobot: 120, startMs: secondsAgo(VERY_LATE_DAYS * 86_400), stepMs: 1000 },
    ...{ seed: seed + 2, hasLateEvents: false },
  };
  const [start] = await rows<{ ms: number }>(stack.owner, 'SELECT toUnixTimestamp64Milli(now64(3)) AS ms');
  await stack.publish(fleet);
  await stack.settle();
  const result = await compared(stack.owner, fleet);
  const others = await rows<{ robot_id: string; minutes: number }>(
    stack.owner,
    `SELECT robot_id, count() AS minutes FROM telemetry_minute
     WHERE robot_id != '' AND NOT startsWith(robot_id, 'verylate-')
       AND computed_at > fromUnixTimestamp64Milli(${start?.ms ?? 0}) AND minute < now('UTC') - INTERVAL 10 MINUTE
     GROUP BY robot_id ORDER BY robot_id`
  );
  for (const { robot_id, minutes } of others) fail(result, `${robot_id}: ${minutes} minutes were computed again`);
  return result;
}

/**
 * Three days in which events arrived on time and no roll-up ran: takes the progress of the roll-ups back by three days, with
 * everything that they computed in that time, and lets them catch up. All minutes, hours and cells must be as before.
 */
export async function outage(stack: ExactStack, main: FleetSchedule, seed: number): Promise<CaseResult> {
  const { owner } = stack;
  const fleet: FleetSchedule = {
    ...{ name: 'outage', robots: 10, stepsPerRobot: OUTAGE_DAYS * 1_440, startMs: secondsAgo(OUTAGE_DAYS * 86_400) },
    ...{ stepMs: MINUTE_MS, seed: seed + 3, hasLateEvents: false },
  };
  await stack.publish(fleet);
  await stack.settle();
  const cells = 'SELECT time, x, y, dwell_seconds, waiting_seconds, congested_seconds, errors FROM v_floor_cells';
  await owner.command({ query: `CREATE OR REPLACE TABLE cells_before ENGINE = Memory AS ${cells}` });
  const since = `now('UTC') - INTERVAL ${OUTAGE_DAYS} DAY - INTERVAL 1 HOUR`;
  for (const [table, column] of [
    ['telemetry_minute', 'minute'],
    ['telemetry_hour', 'minute'],
    ['floor_cells', 'bucket'],
    ['floor_cells_hour', 'bucket'],
  ] as const) {
    await owner.command({
      query: `ALTER TABLE ${table} DELETE WHERE ${column} >= ${since}`,
      clickhouse_settings: { mutations_sync: '2', allow_nondeterministic_mutations: 1 },
    });
  }
  await owner.command({
    query: `INSERT INTO rollup_touched (minute, on_time_events) SELECT minute, sum(events) FROM rollup_touched
            WHERE is_robot = 0 AND minute >= ${since} GROUP BY minute`,
  });
  await stack.settle();
  const result = await compared(owner, fleet);
  const again = await compared(owner, main);
  result.mismatches += again.mismatches;
  result.examples.push(...again.examples);
  const moved = await rows<{ text: string }>(
    owner,
    `SELECT concat(toString(a.time), ' ', toString(a.x), ' ', toString(a.y)) AS text
     FROM cells_before AS a FULL JOIN (${cells}) AS b ON b.time = a.time AND b.x = a.x AND b.y = a.y
     WHERE abs(a.dwell_seconds - b.dwell_seconds) > 0.01 OR abs(a.waiting_seconds - b.waiting_seconds) > 0.01
        OR abs(a.congested_seconds - b.congested_seconds) > 0.01 OR a.errors != b.errors`
  );
  for (const { text } of moved) fail(result, `cell ${text} is not as before`);
  return result;
}

async function compared(owner: ClickHouseClient, fleet: FleetSchedule): Promise<CaseResult> {
  const { rollUps, rollUpMismatches, taskMismatches, examples } = await compareWithSchedule(owner, fleet);
  const result = { mismatches: rollUpMismatches + taskMismatches, examples };
  if (rollUps === 0) fail(result, `${fleet.name}: nothing was compared`);
  return result;
}

function fail(result: CaseResult, text: string): void {
  result.mismatches += 1;
  if (result.examples.length < 10) result.examples.push(text);
}

function secondsAgo(seconds: number): number {
  return Math.floor(Date.now() / 1000 - seconds) * 1000;
}

async function rows<Row>(owner: ClickHouseClient, query: string): Promise<Row[]> {
  const settings = { output_format_json_quote_64bit_integers: 0 } as const;
  return (await owner.query({ query, format: 'JSONEachRow', clickhouse_settings: settings })).json<Row>();
}
