import type { ClickHouseClient } from '@clickhouse/client';
import { fillHistory } from './fill-history.ts';
import { fillWarehouse } from './fill.ts';
import { p95, type Measure } from './measure.ts';
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

/** Measures the p95 of each view with a tenth of the events and with all of them. */
export async function measureViews(
  servers: SqlBenchServers,
  { events, robots, historyDays, deadLetters, largeFleet }: ViewSizes,
  say: (line: string) => void
): Promise<Measure[]> {
  const { owner, reader } = servers;
  await fillHistory(owner, robots, historyDays);
  say(`${historyDays} days of minutes and hours stored`);
  const times: Map<string, number>[] = [];
  for (const stored of [events / 10, events]) {
    await fillWarehouse(owner, { events: stored, robots, deadLetters });
    await waitForMerges(owner);
    say(`${stored} events stored`);
    times.push(await timeAll(reader, VIEW_QUESTIONS, () => reportNow(owner, robots)));
  }
  const [small, large] = times;
  const measures = VIEW_QUESTIONS.map((question) =>
    viewMeasure(question, events, small?.get(question.name) ?? NaN, large?.get(question.name) ?? NaN)
  );
  await reportNow(owner, largeFleet);
  await waitForMerges(owner);
  say(`${largeFleet} robots reported`);
  const ofNow = VIEW_QUESTIONS.filter(({ now }) => now);
  const ofLargeFleet = await timeAll(reader, ofNow, () => reportNow(owner, largeFleet));
  return [
    ...measures,
    ...[...ofLargeFleet].map(([name, p95Ms]) => ({
      ...{ measure: 'view_large_fleet', name, p95_ms: p95Ms, now: true, robots: largeFleet },
      ...{ value: p95Ms, required: `<= ${MAX_LARGE_NOW_P95_MS}`, ok: p95Ms <= MAX_LARGE_NOW_P95_MS },
    })),
  ];
}

function viewMeasure({ name, now }: ViewQuestion, events: number, smallMs: number, largeMs: number): Measure {
  const growth = largeMs / smallMs;
  const limitMs = now ? MAX_NOW_P95_MS : MAX_P95_MS;
  const grows = now && growth > MAX_GROWTH && largeMs > NOISE_MS;
  return {
    ...{ measure: 'view', name, p95_ms: largeMs, growth, now, events },
    ...{
      value: largeMs,
      required: `<= ${limitMs}${now ? `, growth <= ${MAX_GROWTH}` : ''}`,
      ok: largeMs <= limitMs && !grows,
    },
  };
}

/** @param report adds events, so that the fleet is not silent for `now` queries */
async function timeAll(
  reader: ClickHouseClient,
  questions: readonly ViewQuestion[],
  report: () => Promise<void>
): Promise<Map<string, number>> {
  const p95s = new Map<string, number>();
  for (const { name, now, query } of questions) {
    const times: number[] = [];
    if (now) await report();
    for (let run = -2; run < RUNS; run++) {
      const startMs = performance.now();
      await (await reader.query({ query, format: 'JSONCompactEachRow' })).text();
      // The first two runs fill the caches, as an open dashboard does.
      if (run >= 0) times.push(performance.now() - startMs);
    }
    p95s.set(name, p95(times));
  }
  return p95s;
}
