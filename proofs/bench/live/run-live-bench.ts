import { rmSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { temporaryFolder } from '@floorwatch/servers/guard';
import { chromium, type Page } from '@playwright/test';
import { stopAllChildren } from '@floorwatch/servers/child';
import { findGrafana } from '@floorwatch/servers/grafana-home';
import { startIngestor } from '@floorwatch/servers/ingestor';
import { startPrometheus } from '@floorwatch/servers/prometheus';
import { readerCpuSince, serverTime, startBenchGrafana } from '../page/bench-grafana.ts';
import { startBenchServers, type BenchServers } from '../bench-servers.ts';
import { processCpu, processLines, queryLines } from './costs.ts';
import { BenchFleet, FLOOR, HALL, MARKERS } from './fleet.ts';
import { percentile, rowOf, type LiveRow, type Measured } from './live-report.ts';
import { recordRequests, ReplayedViewers } from './viewers.ts';
import { robotShownAt, watchMap } from './watch-map.ts';

export interface LiveBenchOptions {
  robots: number;
  viewers: number;
  /** Of each way. */
  seconds: number;
  say: (line: string) => void;
  onRow: (row: LiveRow) => void;
}

const FLEET_PAGE = '/a/floorwatch-fleet-app/fleet';

/** In the order in which they are measured: the last one needs a warehouse without the view that the poll reads. */
const WAYS = [
  { way: 'live: poll what changed once per second, refresh 10 s', chosen: true, refresh: '10s', isLive: true },
  { way: 'refresh 5 s', chosen: false, refresh: '5s', isLive: false },
] as const;

const READY_TIMEOUT_MS = 120_000;
/** A position that is not shown within this time counts as shown then. */
const SHOWN_TIMEOUT_MS = 30_000;
/** Two refreshes of the slower way. */
const RECORDING_MS = 20_000;
/** After a marker was seen it jumps again within this time, so that its messages come at any moment of a refresh. */
const PAUSE_MS = 5_000;

/** @returns whether the chosen way reaches the goal */
export async function runLiveBench(options: LiveBenchOptions): Promise<boolean> {
  const { robots, seconds, viewers, say, onRow } = options;
  const installation = findGrafana();
  const dir = temporaryFolder('floorwatch-live');
  await using cleanup = new AsyncDisposableStack();
  cleanup.defer(() => {
    rmSync(dir, { recursive: true, force: true });
  });
  cleanup.defer(() => stopAllChildren());
  const servers = await startBenchServers(dir, 'ingestor');
  await storeFloor(servers);
  const ingestor = await startIngestor({ env: servers.ingestorEnv, logFile: join(dir, 'ingestor.log') });
  const prometheus = await startPrometheus({
    dataDir: join(dir, 'prometheus'),
    ingestorTarget: new URL(ingestor.url).host,
  });
  const { clickHouse: clickhouse } = servers;
  const grafana = await startBenchGrafana({ clickhouse, dir, prometheusUrl: prometheus.url, installation });
  const fleet = new BenchFleet(servers.kafka.brokers, robots);
  await fleet.start();
  cleanup.defer(() => fleet.stop());
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--lang=en-US'],
  });
  cleanup.defer(() => browser.close());
  const measured: Measured[] = [];
  for (const { way, chosen, refresh, isLive } of WAYS) {
    if (!isLive) await servers.owner.command({ query: 'DROP VIEW IF EXISTS v_fleet_changes' });
    const page = await browser.newPage({ viewport: { width: 1_920, height: 1_080 } });
    await page.addInitScript(watchMap);
    await page.goto(`${grafana.url}${FLEET_PAGE}?refresh=${refresh}`);
    say(`${way}: waiting until the map shows all markers ...`);
    const shownMs = await Promise.all(
      Array.from({ length: MARKERS }, async (_, marker) => jump(fleet, page, marker, READY_TIMEOUT_MS))
    );
    if (Math.max(...shownMs) >= READY_TIMEOUT_MS)
      throw new Error(`The map did not show all markers within ${READY_TIMEOUT_MS} ms.`);
    const recording = await recordRequests(page, RECORDING_MS);
    const others = new ReplayedViewers(recording, viewers - 1);
    await sleep(RECORDING_MS / 2);
    say(
      `${way}: measuring for ${seconds} s with ${recording.requests.length} requests per ${RECORDING_MS / 1_000} s and viewer ...`
    );
    const since = await serverTime(servers.owner);
    const before = processCpu();
    const startMs = performance.now();
    const latenciesMs = await measure(fleet, page, seconds);
    const minutes = (performance.now() - startMs) / 60_000;
    const after = processCpu();
    const cpuSeconds = await readerCpuSince(servers.owner, since);
    const costs = [
      ...processLines(before, after, minutes),
      ...(await queryLines(servers.owner, since, viewers * minutes)),
    ];
    for (const line of costs) say(`${way}: ${line}`);
    await others.stop();
    if (others.failures > 0)
      say(`${way}: ${others.failures} requests of viewers failed, the first one: ${others.firstFailure}`);
    await page.close();
    measured.push({
      ...{ way, chosen, robots, viewers, samples: latenciesMs.length },
      ...{ p50_ms: percentile(latenciesMs, 0.5), p95_ms: percentile(latenciesMs, 0.95) },
      clickhouse_cpu_s_per_viewer_minute: Number((cpuSeconds / viewers / minutes).toFixed(3)),
      ...{ failed_requests: others.failures, machine_load: loadavg()[0] ?? NaN },
    });
  }
  const today = measured.find(({ chosen }) => !chosen);
  const rows = measured.map((one) => rowOf(one, today));
  rows.forEach(onRow);
  return rows.every(({ chosen, ok }) => ok || !chosen);
}

/** A zone as large as the hall keeps the view of the map where it is. */
async function storeFloor({ owner }: BenchServers): Promise<void> {
  const corners = [
    [0, 0],
    [HALL.width, 0],
    [HALL.width, HALL.height],
    [0, HALL.height],
  ] as const;
  await owner.insert({
    table: 'zones',
    format: 'JSONEachRow',
    values: [
      { map_id: FLOOR, zone_id: 'hall', name: 'Hall', kind: 'area', polygon: corners.map(([x, y]) => ({ x, y })) },
    ],
  });
}

async function measure(fleet: BenchFleet, page: Page, seconds: number): Promise<number[]> {
  const latenciesMs: number[] = [];
  const endMs = performance.now() + seconds * 1_000;
  const follow = async (marker: number): Promise<void> => {
    while (performance.now() < endMs) {
      await sleep(Math.random() * PAUSE_MS);
      latenciesMs.push(await jump(fleet, page, marker, SHOWN_TIMEOUT_MS));
    }
  };
  await Promise.all(Array.from({ length: MARKERS }, async (_, marker) => follow(marker)));
  return latenciesMs;
}

/** @returns milliseconds from the message until the map shows the marker at its new place, at most `timeoutMs` */
async function jump(fleet: BenchFleet, page: Page, marker: number, timeoutMs: number): Promise<number> {
  const { sentMs, ...place } = await fleet.jump(marker);
  const shownMs = await Promise.race([robotShownAt(page, place), sleep(timeoutMs, Infinity, { ref: false })]);
  return Math.min(timeoutMs, shownMs - sentMs);
}
