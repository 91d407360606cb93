import { useEffect, useMemo, useRef, useState } from 'react';
import { rangeUtil, type DataQueryRequest, type PanelData } from '@grafana/data';
import { t } from '@grafana/i18n';
import { CELL_MEASURES, floorCellsSql } from '../../queries/floorCells';
import { askDatabase, readsClickHouse } from '../plan/askDatabase';
import { NO_CELLS, subtractCells, type Cells, type LoadedCells } from './cells';
import { UNESCAPED } from '../../grafana/showText';
import { nameOfLayer, type HeatLayer } from './heatLayer';
import { readCells } from './readCells';

const MINUTE_MS = 60_000;

interface Range {
  fromMs: number;
  toMs: number;
}

/** The last question about one subject. */
interface Asked {
  range: Range;
  request: DataQueryRequest;
  isPending: boolean;
  hasFailed: boolean;
}

/**
 * What the warehouse has ready, asked again when the range moves on by a minute (more often nothing is new), and after
 * a failure with the next refresh. Invariant: a question that fails takes no cells away.
 * @returns by `subjectOf`
 */
export function useReadyCells(
  { request, timeRange }: PanelData,
  layers: readonly HeatLayer[],
  mapId: string | null
): ReadonlyMap<string, LoadedCells> {
  const [answers, setAnswers] = useState<ReadonlyMap<string, LoadedCells>>(new Map());
  const asked = useRef(new Map<string, Asked>());
  const [fromMs, toMs] = [toMinute(timeRange.from.valueOf()), toMinute(timeRange.to.valueOf())];
  const wanted = useMemo(
    () =>
      new Map(
        layers.filter(({ source }) => source.kind === 'ready').map((layer) => [subjectOf(layer, mapId), layer] as const)
      ),
    [layers, mapId]
  );

  useEffect(() => {
    if (!request) return;
    const range = { fromMs, toMs };
    for (const [subject, layer] of wanted) {
      if (!isDue(asked.current.get(subject), range, request)) continue;
      const asking: Asked = { range, request, isPending: true, hasFailed: false };
      asked.current.set(subject, asking);
      const settle = (answer: (last: LoadedCells | undefined) => LoadedCells, hasFailed: boolean) => {
        Object.assign(asking, { isPending: false, hasFailed });
        setAnswers((others) => new Map(others).set(subject, answer(others.get(subject))));
      };
      askCells(request, layer, { mapId, ...range }).then(
        (cells) => settle(() => ({ cells, range, isLoading: false, problem: '' }), false),
        (error: unknown) => settle((last) => failed(layer, last, range, error), true)
      );
    }
    // An answer may come when its range is past already: then the next question is due.
  }, [wanted, mapId, fromMs, toMs, request, answers]);

  return answers;
}

/** What is asked for a layer, but for the range of time. */
export function subjectOf({ name, source, compareWith }: HeatLayer, mapId: string | null): string {
  return JSON.stringify([name, source, compareWith, mapId]);
}

function toMinute(ms: number): number {
  return Math.floor(ms / MINUTE_MS) * MINUTE_MS;
}

/** One question at a time about a subject: a database that is slower than the refresh must not be asked again and again. */
function isDue(last: Asked | undefined, { fromMs, toMs }: Range, request: DataQueryRequest): boolean {
  if (!last) return true;
  if (last.isPending) return false;
  return last.range.fromMs !== fromMs || last.range.toMs !== toMs || (last.hasFailed && last.request !== request);
}

function failed(layer: HeatLayer, last: LoadedCells | undefined, range: Range, error: unknown): LoadedCells {
  const said = {
    name: nameOfLayer(layer),
    reason: error instanceof Error ? error.message : String(error),
    ...UNESCAPED,
  };
  const known = last && last.cells.values.length > 0 ? last : null;
  if (!known)
    return {
      cells: NO_CELLS,
      range,
      isLoading: false,
      problem: t('map.layers.problem', 'Layer {{name}}: {{reason}}', said),
    };
  return { ...known, problem: t('map.layers.problem_again', 'Layer {{name}} keeps its last cells: {{reason}}', said) };
}

async function askCells(
  request: PanelData['request'],
  { name, source, compareWith }: HeatLayer,
  range: Range & { mapId: string | null }
): Promise<Cells> {
  if (source.kind !== 'ready') return NO_CELLS;
  const { measure } = source;
  // A dashboard may be older or newer than this plugin.
  if (!(measure in CELL_MEASURES)) {
    throw new Error(
      t('map.layers.no_measure', 'the warehouse has no measure "{{measure}}".', {
        measure: String(measure),
        ...UNESCAPED,
      })
    );
  }
  if (!readsClickHouse(request)) {
    throw new Error(t('map.layers.no_clickhouse', "needs the panel's query to read ClickHouse."));
  }
  const ask = async (shiftMs: number) => {
    const shifted = { ...range, fromMs: range.fromMs - shiftMs, toMs: range.toMs - shiftMs };
    const frame = await askDatabase(request, floorCellsSql(measure, shifted));
    return frame && frame.fields.length > 0 ? readCells(frame, name, null) : NO_CELLS;
  };
  if (compareWith === '') return ask(0);
  const [now, before] = await Promise.all([ask(0), ask(shiftOf(compareWith))]);
  return subtractCells(now, before, !CELL_MEASURES[measure].isMean);
}

/** Milliseconds in a span such as `1d` or `12h`. @throws Error in one sentence */
export function shiftOf(span: string): number {
  try {
    const ms = rangeUtil.intervalToMs(span);
    if (ms > 0) return ms;
  } catch {
    // Said below.
  }
  throw new Error(
    t('map.layers.no_span', '"{{span}}" is no span of time to compare with: write 12h, 1d or 1w.', {
      span,
      ...UNESCAPED,
    })
  );
}
