import type { ClickHouseClient } from '@clickhouse/client';
import { fillHistory } from './fill-history.ts';
import { fillWarehouse } from './fill.ts';
import { median, p95, type Measure } from './measure.ts';
import { reportNow, waitForMerges } from './report-now.ts';
import { VIEW_QUESTIONS, type ViewQuestion } from './view-questions.ts';
import type { SqlBenchServers } from './sql-servers.ts';

const RUNS = 20;
const MAX_P95_MS = 250;
const MAX_NOW_P95_MS = 50;
/** With `largeFleet` robots. */
const MAX_LARGE_NOW_P95_MS = 200;
const MAX_GROWTH = 1.3;
/** Times below this are noise, so their growth is not checked. */
const NOISE_MS = 5;

export interface ViewSizes {
  events: number;
  robots: number;
  /** Of minutes and hours. */
  historyDays: number;
  deadLetters: number;
  /** Robots of a fleet for which the views of now are measured once more. */
  largeFleet: number;
}

/** Of one view. */
interface Times {
  p95Ms: number;
  /** Median CPU of a query, which other work on the machine changes less than its duration. */
  cpuMs: number;
}

/** Measures the p95 of each view with a tenth of the events and with all of them. */
export async function measureViews(
  servers: SqlBenchServers,
  { events, robots, historyDays, deadLetters, largeFleet }: ViewSizes,
  say: (line: string) => void
): Promise<Measure[]> {
  const { owner } = servers;
  await fillHistory(owner, robots, historyDays);
  say(`${historyDays} days of minutes and hours stored`);
  const times: Map<string, Times>[] = [];
  for (const stored of [events / 10, events]) {
    await fillWarehouse(owner, { events: stored, robots, deadLetters });
    await waitForMerges(owner);
    say(`${stored} events stored`);
    times.push(await timeAll(servers, VIEW_QUESTIONS, () => reportNow(owner, robots)));
  }
  const [small, large] = times;
  const measures = VIEW_QUESTIONS.map((question) =>
    viewMeasure(question, events, small?.get(question.name), large?.get(question.name))
  );
  await reportNow(owner, largeFleet);
  await waitForMerges(owner);
  say(`${largeFleet} robots reported`);
  const ofNow = VIEW_QUESTIONS.filter(({ now }) => now);
  const ofLargeFleet = await timeAll(servers, ofNow, () => reportNow(owner, largeFleet));
  return [
    ...measures,
    ...[...ofLargeFleet].map(([name, { p95Ms, cpuMs }]) => ({
      ...{ measure: 'view_large_fleet', name, p95_ms: p95Ms, cpu_ms: cpuMs, now: true, robots: largeFleet },
      ...{ value: p95Ms, required: `<= ${MAX_LARGE_NOW_P95_MS}`, ok: p95Ms <= MAX_LARGE_NOW_P95_MS },
    })),
  ];
}

function viewMeasure({ name, now }: ViewQuestion, events: number, small?: Times, large?: Times): Measure {
  const { p95Ms: largeMs = NaN, cpuMs = NaN } = large ?? {};
  const { p95Ms: smallMs = NaN } = small ?? {};
  const growth = largeMs / smallMs;
  const limitMs = now ? MAX_NOW_P95_MS : MAX_P95_MS;
  const grows = now && growth > MAX_GROWTH && largeMs > NOISE_MS;
  return {
    ...{ measure: 'view', name, p95_ms: largeMs, cpu_ms: cpuMs, growth, now, events },
    ...{
      value: largeMs,
      required: `<= ${limitMs}${now ? `, growth <= ${MAX_GROWTH}` : ''}`,
      ok: largeMs <= limitMs && !grows,
    },
  };
}

/** @param report adds events, so that the fleet is not silent for `now` queries */
async function timeAll(
  { owner, reader }: SqlBenchServers,
  questions: readonly ViewQuestion[],
  report: () => Promise<void>
): Promise<Map<string, Times>> {
  const p95s = new Map<string, number>();
  const timed = crypto.randomUUID();
  for (const { name, now, query } of questions) {
    const times: number[] = [];
    if (now) await report();
    for (let run = -2; run < RUNS; run++) {
      const startMs = performance.now();
      const answer = await reader.query({
        query,
        format: 'JSONCompactEachRow',
        query_id: `${timed} ${name} ${run}`,
      });
      await answer.text();
      // The first two runs fill the caches, as an open dashboard does.
      if (run >= 0) times.push(performance.now() - startMs);
    }
    p95s.set(name, p95(times));
  }
  const cpuMs = await cpuOfQueries(owner, timed);
  return new Map([...p95s].map(([name, p95Ms]) => [name, { p95Ms, cpuMs: median(cpuMs.get(name) ?? []) }]));
}

/** CPU of each query whose identifier is `<prefix> <name> <run>`, in milliseconds, by name. */
async function cpuOfQueries(owner: ClickHouseClient, prefix: string): Promise<Map<string, number[]>> {
  await owner.command({ query: 'SYSTEM FLUSH LOGS query_log' });
  const result = await owner.query({
    query: `SELECT splitByChar(' ', query_id)[2] AS name, groupArray((ProfileEvents['UserTimeMicroseconds'] + ProfileEvents['SystemTimeMicroseconds']) / 1e3) AS ms
      FROM system.query_log WHERE type = 'QueryFinish' AND startsWith(query_id, '${prefix} ') GROUP BY name`,
    format: 'JSONEachRow',
  });
  const found = await result.json<{ name: string; ms: number[] }>();
  return new Map(found.map(({ name, ms }) => [name, ms]));
}
