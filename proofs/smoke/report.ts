import type { ProducedCounts } from '@floorwatch/demo/fleet/tally';
import type { ComponentStatus } from '@floorwatch/demo/stack/supervisor';
import type { Arrivals } from './warehouse.ts';

/** The output of `smoke`. CI reads it, so the field names do not change. */
export interface SmokeReport {
  /** Robots in v_fleet_now at the end. */
  robots: number;
  /** Distinct valid events, all of which each path must store. */
  events_produced: number;
  /** Distinct event ids stored by ClickHouse's Kafka engine, and by the ingestor. */
  events_path_a: number;
  events_path_b: number;
  duplicates_produced: number;
  dead_letters: number;
  malformed_produced: number;
  /** Time from the first message until v_fleet_now has a robot. Null if it never had one. */
  first_robot_seconds: number | null;
  /** Time from the first message until both paths have stored all events. Null if they never did. */
  complete_seconds: number | null;
  leftover_processes: number;
  /** State of each component before the stop. */
  parts: Record<string, ComponentStatus['state']>;
  ok: boolean;
  /** One sentence per problem. Empty if ok. */
  problems: string[];
}

export interface SmokeFacts {
  produced: ProducedCounts;
  arrived: Arrivals;
  firstRobotSeconds: number | null;
  completeSeconds: number | null;
  /** Id and command line of each remaining process. */
  leftovers: readonly string[];
  parts: readonly ComponentStatus[];
}

/** True if both paths have stored everything that was produced. */
export function isComplete(produced: ProducedCounts, arrived: Arrivals): boolean {
  return differences(produced, arrived).length === 0;
}

export function smokeReport({ produced, arrived, leftovers, parts, ...times }: SmokeFacts): SmokeReport {
  const problems = [
    ...differences(produced, arrived),
    ...(produced.events > 0 ? [] : ['no event was produced']),
    ...leftovers.map((leftover) => `left behind: process ${leftover}`),
  ];
  return {
    robots: arrived.robots,
    events_produced: produced.distinctEventIds,
    events_path_a: arrived.eventsPathA,
    events_path_b: arrived.eventsPathB,
    duplicates_produced: produced.duplicates,
    dead_letters: arrived.deadLetters,
    malformed_produced: produced.malformed,
    first_robot_seconds: times.firstRobotSeconds,
    complete_seconds: times.completeSeconds,
    leftover_processes: leftovers.length,
    parts: Object.fromEntries(parts.map(({ name, state }) => [name, state])),
    ok: problems.length === 0,
    problems,
  };
}

function differences(produced: ProducedCounts, arrived: Arrivals): string[] {
  const expected: [string, number, number][] = [
    ['events by path A', arrived.eventsPathA, produced.distinctEventIds],
    ['events by path B', arrived.eventsPathB, produced.distinctEventIds],
    ['dead letters', arrived.deadLetters, produced.malformed],
    ['robots on the map', arrived.robots, produced.robots],
  ];
  return expected
    .filter(([, found, wanted]) => found !== wanted)
    .map(([what, found, wanted]) => `${what}: ${found} instead of ${wanted}`);
}

/** The report as text: one fact per line. */
export function smokeTable(report: SmokeReport): string {
  const { parts, problems, ...facts } = report;
  const rows = [...Object.entries(facts), ...Object.entries(parts).map(([name, state]) => [name, state] as const)];
  const width = Math.max(...rows.map(([name]) => name.length));
  return [...rows.map(([name, fact]) => `${name.padEnd(width)}  ${fact ?? 'never'}`), ...problems].join('\n');
}
