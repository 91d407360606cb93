import type { PanelData } from '@grafana/data';

/** Data that says when its rows were read, in milliseconds. */
interface DatedData extends PanelData {
  rowsReadAtMs?: number;
}

/** The same data: its rows are those of the answer at this time, whatever request stands beside them. */
export function withReadTime(data: PanelData, readAtMs: number): PanelData {
  const dated: DatedData = { ...data, rowsReadAtMs: readAtMs };
  return dated;
}

/** When the rows were read, in milliseconds; undefined where the data does not say. It outlives the page that shows the rows. */
export function readTimeOf(data: PanelData | undefined): number | undefined {
  return (data as DatedData | undefined)?.rowsReadAtMs;
}
