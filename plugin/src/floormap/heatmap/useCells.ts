import { useMemo, useState } from 'react';
import { LoadingState, type PanelData } from '@grafana/data';
import { t } from '@grafana/i18n';
import { NO_CELLS, subtractCells, type Cells, type LoadedCells } from './cells';
import { UNESCAPED } from '../../grafana/showText';
import { nameOfLayer, refIdsOf, type HeatLayer } from './heatLayer';
import { readCells } from './readCells';
import { subjectOf, useReadyCells } from './useReadyCells';

/** A layer with its cells. */
export interface LoadedLayer extends LoadedCells {
  layer: HeatLayer;
}

type Frames = Pick<PanelData, 'state' | 'series' | 'errors' | 'error' | 'timeRange' | 'request'>;

const AWAITED: LoadedCells = { cells: NO_CELLS, range: { fromMs: 0, toMs: 0 }, isLoading: true, problem: '' };

/** The cells of the shown layers on one floor; what is not shown is not asked for. */
export function useCells(data: PanelData, layers: readonly HeatLayer[], mapId: string | null): LoadedLayer[] {
  const answers = useReadyCells(data, layers, mapId);
  const lastGood = useLastGood(data, layers);
  return useMemo(
    () =>
      layers.map((layer) =>
        layer.source.kind === 'query'
          ? loadFromFrames(data, lastGood, layer, mapId)
          : { layer, ...(answers.get(subjectOf(layer, mapId)) ?? AWAITED) }
      ),
    [data, lastGood, layers, mapId, answers]
  );
}

/** The last data in which every query of a layer had answered. */
function useLastGood(data: PanelData, layers: readonly HeatLayer[]): Frames | null {
  const [good, setGood] = useState<Frames | null>(null);
  const refIds = useMemo(() => layers.flatMap(refIdsOf), [layers]);
  if (refIds.length > 0 && data !== good && refIds.every((refId) => isAnswered(data, refId))) setGood(data);
  return good;
}

/** A layer of the panel's own queries. Until they have answered again, its cells are those of the last good data. */
export function loadFromFrames(
  data: Frames,
  lastGood: Frames | null,
  layer: HeatLayer,
  mapId: string | null
): LoadedLayer {
  const refIds = refIdsOf(layer);
  const absent = refIds.find((refId) => isAbsent(data, refId));
  const failed = refIds.find((refId) => hasFailed(data, refId));
  const shown = refIds.every((refId) => isAnswered(data, refId)) ? data : lastGood;
  const { from, to } = (shown ?? data).timeRange;
  const loaded = { layer, range: { fromMs: from.valueOf(), toMs: to.valueOf() } };
  try {
    if (absent !== undefined) {
      throw new Error(
        t('map.layers.absent', 'Layer {{name}}: query {{query}} is missing or switched off.', {
          name: nameOfLayer(layer),
          query: absent,
          ...UNESCAPED,
        })
      );
    }
    const cells = shown ? cellsOf(shown, layer, refIds, mapId) : NO_CELLS;
    const problem = failed === undefined ? '' : describeFailure(layer, failed, cells);
    return { ...loaded, cells, isLoading: !shown && problem === '', problem };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { ...loaded, cells: NO_CELLS, isLoading: false, problem };
  }
}

/** Whether a layer names a query that the panel does not run. */
function isAbsent(data: Frames, wanted: string): boolean {
  const asked = data.request?.targets;
  return asked !== undefined && !asked.some(({ refId }) => refId === wanted) && !hasFrame(data, wanted);
}

function hasFrame({ series }: Frames, wanted: string): boolean {
  return series.some(({ refId }) => refId === wanted);
}

/** A request that did not even arrive has an error of no query, or none, and no frame. */
function hasFailed(data: Frames, wanted: string): boolean {
  const errors = [...(data.errors ?? []), ...(data.error ? [data.error] : [])];
  const isOver = data.state === LoadingState.Done || data.state === LoadingState.Error;
  return errors.some(({ refId }) => refId === wanted) || (isOver && !hasFrame(data, wanted));
}

/** A query without rows has a frame too: one without a frame still runs, or never arrived. */
function isAnswered(data: Frames, wanted: string): boolean {
  return !hasFailed(data, wanted) && hasFrame(data, wanted);
}

function describeFailure(layer: HeatLayer, refId: string, cells: Cells): string {
  const said = { name: nameOfLayer(layer), query: refId, ...UNESCAPED };
  return cells.values.length > 0
    ? t(
        'map.layers.query_failed_again',
        'Layer {{name}} keeps its last cells: query {{query}} failed or brought no answer.',
        said
      )
    : t('map.layers.query_failed', 'Layer {{name}}: query {{query}} failed or brought no answer.', said);
}

/** @throws Error in one sentence */
function cellsOf(
  { series }: Frames,
  layer: HeatLayer,
  [own = '', compared]: readonly string[],
  mapId: string | null
): Cells {
  const read = (wanted: string): Cells => {
    const frame = series.find(({ refId }) => refId === wanted);
    return frame && frame.fields.length > 0 ? readCells(frame, nameOfLayer(layer), mapId) : NO_CELLS;
  };
  return compared === undefined ? read(own) : subtractCells(read(own), read(compared), true);
}
