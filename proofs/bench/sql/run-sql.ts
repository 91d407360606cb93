import { measureBytes } from './bytes.ts';
import type { Measure } from './measure.ts';
import { measurePathA } from './path-a.ts';
import { generatedFleet, recordedFleet } from './reporting-fleet.ts';
import { leaveOutRollUps, measureRollUps } from './roll-ups.ts';
import { measureSecondViewer } from './second-viewer.ts';
import { firstRow, folderForCpuMeasures, startSqlBenchServers, type SqlBenchServers } from './sql-servers.ts';
import { measureViews, type ViewSizes } from './views.ts';

/** Enough for a stable measurement of path A. */
const PATH_A_EVENTS = 1_000_000;

export interface SqlBenchOptions extends ViewSizes {
  /** A recorded fleet for bytes_per_event. Default: a generated fleet. */
  recording?: string | undefined;
  say: (line: string) => void;
  onMeasure: (measure: Measure) => void;
}

/** Measures path A, storage and every view on real servers. @returns whether every measure meets its requirement */
export async function runSqlBench({ recording, say, onMeasure, ...sizes }: SqlBenchOptions): Promise<boolean> {
  const { events, robots } = sizes;
  const measures: Measure[] = [];
  const report = (measure: Measure): void => {
    measures.push(measure);
    onMeasure(measure);
  };
  const { parent, storage } = await folderForCpuMeasures();
  await withServers(parent, async (servers) => {
    const { version } = await firstRow<{ version: string }>(servers.owner, 'SELECT version() AS version');
    say(`ClickHouse ${version}; CPU per event is measured with data in ${storage === 'memory' ? 'memory' : 'files'}`);
    report({ ...(await measureRollUps(servers, say)), storage });
    for (const measure of await measurePathA(servers, Math.min(PATH_A_EVENTS, events), robots))
      report({ ...measure, storage });
    report(await measureBytes(servers, recording === undefined ? generatedFleet() : recordedFleet(recording)));
  });
  await withServers(undefined, async (servers) => {
    await leaveOutRollUps(servers.owner);
    (await measureViews(servers, sizes, say)).forEach(report);
    report(await measureSecondViewer(servers, robots));
  });
  return measures.every(({ ok }) => ok);
}

async function withServers(
  parent: string | undefined,
  measure: (servers: SqlBenchServers) => Promise<void>
): Promise<void> {
  await using servers = await startSqlBenchServers(parent);
  await measure(servers);
}
