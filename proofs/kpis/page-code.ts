import { createRequire } from 'node:module';
import { JSDOM } from 'jsdom';

export type Row = Readonly<Record<string, unknown>>;
export type PageFilters = Readonly<Record<'site' | 'map' | 'model' | 'zone', string>>;
export interface Range {
  fromMs: number;
  toMs: number;
}
interface Tile {
  id: string;
  value: number | null;
  weekBefore: number | null;
  points: readonly (number | null)[];
  unit: string;
  decimals: number;
}

/** What the pages run, loaded from their files at run time, because the plugin is compiled as another kind of module. */
export interface PageCode {
  fleetAt: (atMs: number) => string;
  kpiCounts: (counted?: { atMs?: number }) => string;
  kpiTrend: (range: Range) => string;
  kpiTasks: (range: Range) => string;
  kpiTiles: (
    answers: { counts: Row | undefined; trend: readonly Row[]; tasks: readonly Row[] },
    range: Range
  ) => Tile[];
  taskTimes: (filters: PageFilters, timeZone: string) => string;
  slowestTasks: (filters: PageFilters) => string;
  zoneTable: (range: Range, before: Range | null, map: string) => string;
  silencePlaces: (range: Range, map: string) => string;
  shiftFigures: (shifts: readonly Range[]) => string;
}

export async function loadPageCode(): Promise<PageCode> {
  const files = ['fleetAt', 'kpis', 'kpiTiles', 'tasks', 'floorAnalytics', 'shiftReport'];
  const modules = await Promise.all(
    files.map((file) => import(new URL(`../../plugin/src/queries/${file}.ts`, import.meta.url).href) as Promise<object>)
  );
  return Object.assign({}, ...modules) as PageCode;
}

/** Writes a number as the pages do: by Grafana's formatters, which expect a browser. */
export type Format = (value: number | null, unit: string, decimals: number) => string;

export function loadFormat(): Format {
  const { window } = new JSDOM('', { url: 'http://localhost/' });
  Object.assign(globalThis, { window, document: window.document });
  // A library of Grafana greets on the standard output, which is for rows here.
  console.info = console.error;
  const grafana = createRequire(import.meta.url)('@grafana/data') as typeof import('@grafana/data');
  return (value, unit, decimals) =>
    value === null ? '–' : grafana.formattedValueToString(grafana.getValueFormat(unit)(value, decimals));
}

/** The macros of Grafana's ClickHouse data source that the pages use, for a time range. */
export function expandMacros(sql: string, { fromMs, toMs }: Range): string {
  const [from, to] = [Math.floor(fromMs / 1_000), Math.floor(toMs / 1_000)];
  return sql
    .replace(/\$__timeFilter\((\w+)\)/g, `$1 >= toDateTime(${from}) AND $1 <= toDateTime(${to})`)
    .replace(/\$__timeInterval\((\w+)\)/g, 'toStartOfInterval(toDateTime($1), INTERVAL 60 second)')
    .replaceAll('$__fromTime', `toDateTime(${from})`)
    .replaceAll('$__toTime', `toDateTime(${to})`);
}

/** Compares a figure of a page with the expected one. */
export type Prove = (
  kpi: string,
  shown: number | null,
  expected: number | null,
  unit?: string,
  decimals?: number
) => void;

/** A number of an answer; ClickHouse's JSON has wide integers as text. */
export function numberOf(value: unknown): number | null {
  return value === null || value === undefined ? null : Number(value);
}
