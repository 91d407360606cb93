import { useEffect, useMemo, useRef, useState } from 'react';
import { rangeUtil, type PanelData } from '@grafana/data';
import { floorCellsSql, type CellMeasure } from '../../queries/floorCells';
import { askDatabase, readsClickHouse } from '../plan/askDatabase';
import { NO_CELLS, subtractCells, type Cells } from './cells';
import type { HeatLayer } from './heatLayer';
import { readCells } from './readCells';

const MINUTE_MS = 60_000;

/** A layer with its cells, or why there are none. */
export interface LoadedLayer {
  layer: HeatLayer;
  cells: Cells;
  /** The first answer is still awaited. */
  isLoading: boolean;
  /** One sentence; '' when nothing is wrong. */
  problem: string;
}

/** Means have no value where nothing was reported; sums are 0 there. */
const IS_MEAN: Record<CellMeasure, boolean> = {
  dwell: false,
  congestion: false,
  errors: false,
  localisation: true,
  deviation: true,
};

/** The cells of the shown layers on one floor; what is not shown is not asked for. */
export function useCells(data: PanelData, layers: readonly HeatLayer[], mapId: string | null): LoadedLayer[] {
  const answers = useReadyCells(data, layers, mapId);
  return useMemo(
    () =>
      layers.map((layer) =>
        layer.source.kind === 'query'
          ? loadFromFrames(data, layer, layer.source.refId, mapId)
          : { layer, ...(answers.get(layer.name) ?? { cells: NO_CELLS, problem: '', isLoading: true }) }
      ),
    [data, layers, mapId, answers]
  );
}

/** A layer of the panel's own queries. */
export function loadFromFrames(
  data: Pick<PanelData, 'series' | 'errors'>,
  layer: HeatLayer,
  refId: string,
  mapId: string | null
): LoadedLayer {
  const cellsOf = (wanted: string): Cells => {
    if (data.errors?.some((error) => error.refId === wanted)) {
      throw new Error(`Layer ${layer.name}: query ${wanted} failed, the sign beside the title says why.`);
    }
    const frame = data.series.find((candidate) => candidate.refId === wanted);
    // A query without rows may answer with a frame of no fields, or with none.
    if (!frame || frame.fields.length === 0) return NO_CELLS;
    return readCells(frame, layer.name, mapId);
  };
  try {
    const cells = cellsOf(refId);
    const compared = layer.compareWith === '' ? cells : subtractCells(cells, cellsOf(layer.compareWith), true);
    return { layer, cells: compared, isLoading: false, problem: '' };
  } catch (error) {
    return { layer, cells: NO_CELLS, isLoading: false, problem: messageOf(error) };
  }
}

type Answer = Omit<LoadedLayer, 'layer'>;

/** What the warehouse has ready, asked again when the range moves on by a minute: more often nothing is new. */
function useReadyCells(
  data: PanelData,
  layers: readonly HeatLayer[],
  mapId: string | null
): ReadonlyMap<string, Answer> {
  const [answers, setAnswers] = useState<ReadonlyMap<string, Answer & { subject: string }>>(new Map());
  const { request, timeRange } = data;
  const latest = useRef(request);
  useEffect(() => {
    latest.current = request;
  });
  const [fromMs, toMs] = [timeRange.from, timeRange.to].map(
    (time) => Math.floor(time.valueOf() / MINUTE_MS) * MINUTE_MS
  );
  const wanted = layers.filter(({ source }) => source.kind === 'ready');
  const subject = wanted.map((layer) => subjectOf(layer, mapId)).join();
  const hasRequest = request !== undefined;

  useEffect(() => {
    if (!hasRequest) return;
    let isCurrent = true;
    for (const layer of wanted) {
      const settle = (cells: Cells, problem: string) => {
        if (!isCurrent) return;
        setAnswers((others) =>
          new Map(others).set(layer.name, { cells, problem, isLoading: false, subject: subjectOf(layer, mapId) })
        );
      };
      askCells(latest.current, layer, { mapId, fromMs: fromMs ?? 0, toMs: toMs ?? 0 }).then(
        (cells) => settle(cells, ''),
        (error: unknown) => settle(NO_CELLS, `Layer ${layer.name}: ${messageOf(error)}`)
      );
    }
    return () => {
      isCurrent = false;
    };
    // `wanted` is a new list at each render; `subject` says when it is another one.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [subject, fromMs, toMs, hasRequest]);

  // Cells of another floor or comparison must not lie here while their successors load.
  return useMemo(
    () => new Map([...answers].filter(([, answer]) => subject.includes(answer.subject))),
    [answers, subject]
  );
}

function subjectOf({ name, source, compareWith }: HeatLayer, mapId: string | null): string {
  return JSON.stringify([name, source, compareWith, mapId]);
}

async function askCells(
  request: PanelData['request'],
  { name, source, compareWith }: HeatLayer,
  range: { mapId: string | null; fromMs: number; toMs: number }
): Promise<Cells> {
  if (source.kind !== 'ready') return NO_CELLS;
  const { measure } = source;
  if (!readsClickHouse(request)) throw new Error("needs the panel's query to read ClickHouse.");
  const ask = async (shiftMs: number) => {
    const shifted = { ...range, fromMs: range.fromMs - shiftMs, toMs: range.toMs - shiftMs };
    const frame = await askDatabase(request, floorCellsSql(measure, shifted));
    return frame && frame.fields.length > 0 ? readCells(frame, name, null) : NO_CELLS;
  };
  if (compareWith === '') return ask(0);
  const [now, before] = await Promise.all([ask(0), ask(shiftOf(compareWith))]);
  return subtractCells(now, before, !IS_MEAN[measure]);
}

/** Milliseconds in a span such as `1d` or `12h`. @throws Error in one sentence */
export function shiftOf(span: string): number {
  try {
    const ms = rangeUtil.intervalToMs(span);
    if (ms > 0) return ms;
  } catch {
    // Said below.
  }
  throw new Error(`"${span}" is no span of time to compare with: write 12h, 1d or 1w.`);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
