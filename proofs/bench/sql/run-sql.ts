import { measureBytes } from './bytes.ts';
import type { Measure } from './measure.ts';
import { measurePathA } from './path-a.ts';
import { generatedFleet, recordedFleet } from './reporting-fleet.ts';
import { measureRollUps } from './roll-ups.ts';
import { measureSecondViewer } from './second-viewer.ts';
import { firstRow, startSqlBenchServers } from './sql-servers.ts';
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
  await using servers = await startSqlBenchServers();
  const { version } = await firstRow<{ version: string }>(servers.owner, 'SELECT version() AS version');
  say(`ClickHouse ${version}`);
  const measures: Measure[] = [];
  const report = (measure: Measure): void => {
    measures.push(measure);
    onMeasure(measure);
  };
  report(await measureRollUps(servers, say));
  (await measurePathA(servers, Math.min(PATH_A_EVENTS, events), robots)).forEach(report);
  report(await measureBytes(servers, recording === undefined ? generatedFleet() : recordedFleet(recording)));
  (await measureViews(servers, sizes, say)).forEach(report);
  report(await measureSecondViewer(servers, robots));
  return measures.every(({ ok }) => ok);
}
