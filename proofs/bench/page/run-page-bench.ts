import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { temporaryFolder } from '@floorwatch/servers/guard';
import { findGrafana } from '@floorwatch/servers/grafana-home';
import { REPOSITORY_DIR } from '@floorwatch/servers/paths';
import { startPrometheus } from '@floorwatch/servers/prometheus';
import { readerCpuSince, serverTime, startBenchGrafana } from './bench-grafana.ts';
import { fillHistory } from '../sql/fill-history.ts';
import { fillWarehouse } from '../sql/fill.ts';
import { reportNow, waitForMerges } from '../sql/report-now.ts';
import { stopRollUps } from '../sql/roll-ups.ts';
import { startSqlBenchServers, type SqlBenchServers } from '../sql/sql-servers.ts';
import { openPage } from './open-page.ts';
import { pagesOfApp } from './pages.ts';

const MAX_ENTRY_KB_GZIP = 150;
const MAX_CLICKHOUSE_CPU_S = 1.5;
const DIST = join(REPOSITORY_DIR, 'plugin/dist');

export interface PageBenchSizes {
  robots: number;
  events: number;
  historyDays: number;
  deadLetters: number;
}

/** One line of the output. CI reads it, so the field names do not change. */
export interface PageRow {
  page: string;
  /** Milliseconds until a panel shows a figure; null for a page without panels. */
  first_kpi_ms: number | null;
  /** Milliseconds until the last query of its opening was answered. */
  all_panels_ms: number;
  queries: number;
  failed_queries: number;
  bytes: number;
  clickhouse_cpu_s: number;
  /** Of the script that Grafana loads first, whichever page is opened. */
  module_kb_gzip: number;
  /** Of all scripts of the plugin that this page loads. */
  page_kb_gzip: number;
  machine_load: number;
  ok: boolean;
}

/** @returns whether each page meets its limits, which are CPU and sizes: times depend on the machine */
export async function runPageBench(
  sizes: PageBenchSizes,
  { only, say, onRow }: { only?: string[] | undefined; say: (line: string) => void; onRow: (row: PageRow) => void }
): Promise<boolean> {
  if (!existsSync(join(DIST, 'module.js'))) throw new Error('plugin/dist does not exist. Run: npm run build');
  const installation = findGrafana();
  const pages = pagesOfApp(robotOf(sizes.robots)).filter(({ name }) => only?.includes(name) ?? true);
  if (pages.length === 0) throw new Error(`--only names no page of the app. Pages: ${names(sizes.robots)}`);
  await using servers = await startSqlBenchServers();
  const dir = temporaryFolder('floorwatch-bench-page');
  await using cleanup = new AsyncDisposableStack();
  cleanup.defer(() => {
    rmSync(dir, { recursive: true, force: true });
  });
  await fill(servers, sizes, say);
  const prometheus = await startPrometheus({ dataDir: join(dir, 'prometheus'), ingestorTarget: '127.0.0.1:1' });
  cleanup.defer(() => prometheus.stop());
  const { clickhouse } = servers;
  const grafana = await startBenchGrafana({ clickhouse, dir, prometheusUrl: prometheus.url, installation });
  cleanup.defer(() => grafana.stop());
  // The first visitor of a Grafana also pays for what Grafana itself prepares.
  await openPage(`${grafana.url}/a/floorwatch-fleet-app/runbooks`);
  let isOk = true;
  for (const { name, path } of pages) {
    await reportNow(servers.owner, sizes.robots);
    const since = await serverTime(servers.owner);
    const opened = await openPage(grafana.url + path);
    const cpuSeconds = await readerCpuSince(servers.owner, since);
    const entryKb = kbGzip(join(DIST, 'module.js'));
    const ok = entryKb <= MAX_ENTRY_KB_GZIP && cpuSeconds <= MAX_CLICKHOUSE_CPU_S && opened.failedQueries === 0;
    isOk &&= ok;
    onRow({
      ...{ page: name, first_kpi_ms: rounded(opened.firstKpiMs), all_panels_ms: Math.round(opened.allPanelsMs) },
      ...{ queries: opened.queries, failed_queries: opened.failedQueries, bytes: opened.bytes },
      ...{ clickhouse_cpu_s: Number(cpuSeconds.toFixed(3)), module_kb_gzip: entryKb },
      ...{ page_kb_gzip: pluginKb(opened.scripts), machine_load: loadavg()[0] ?? NaN, ok },
    });
  }
  return isOk;
}

async function fill({ owner }: SqlBenchServers, sizes: PageBenchSizes, say: (line: string) => void): Promise<void> {
  await stopRollUps(owner);
  await fillHistory(owner, sizes.robots, sizes.historyDays);
  say(`${sizes.historyDays} days of minutes and hours stored`);
  await fillWarehouse(owner, sizes);
  await waitForMerges(owner);
  say(`${sizes.events} events stored`);
}

function pluginKb(scripts: readonly string[]): number {
  const files = readdirSync(DIST, { recursive: true, encoding: 'utf8' });
  const sizes = scripts.map((url) => {
    const name = new URL(url).pathname.split('/floorwatch-fleet-app/').at(-1) ?? '';
    return files.includes(name) ? kbGzip(join(DIST, name)) : 0;
  });
  return Number(sizes.reduce((sum, size) => sum + size, 0).toFixed(1));
}

function kbGzip(file: string): number {
  return Number((gzipSync(readFileSync(file)).length / 1024).toFixed(1));
}

function rounded(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms);
}

function robotOf(robots: number): string {
  return `robot-${String(Math.floor(robots / 2)).padStart(5, '0')}`;
}

function names(robots: number): string {
  return pagesOfApp(robotOf(robots))
    .map(({ name }) => name)
    .join(', ');
}
