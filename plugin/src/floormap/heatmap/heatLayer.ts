import { FieldColorModeId } from '@grafana/data';
import type { CellMeasure } from '../../queries/floorCells';

/** Where a layer's cells come from: one of the panel's queries, or what the warehouse has ready. */
export type LayerSource = { kind: 'query'; refId: string } | { kind: 'ready'; measure: CellMeasure };

/** A layer of coloured cells over the plan, as the panel's options hold it. */
export interface HeatLayer {
  /** What people read; unique within a panel. */
  name: string;
  source: LayerSource;
  /**
   * What it is compared with, so that the map shows A − B: another query (`refId`), or for what the warehouse has ready
   * the same range so much earlier (`1d`, `7d`); '' compares nothing.
   */
  compareWith: string;
  /** Id of one of Grafana's continuous colour schemes. */
  scheme: string;
  /** 0 to 1. */
  opacity: number;
  /** Grafana's id of a unit. */
  unit: string;
  /** Ends of the scale; null follows the cells. */
  min: number | null;
  max: number | null;
  isShown: boolean;
}

export const NEW_LAYER: HeatLayer = {
  name: 'Layer',
  source: { kind: 'query', refId: 'B' },
  compareWith: '',
  // Ordered by lightness as well, so that it is read without telling colours apart.
  scheme: FieldColorModeId.ContinuousYlRd,
  opacity: 0.7,
  unit: 'short',
  min: null,
  max: null,
  isShown: false,
};

const ready = (name: string, measure: CellMeasure, more: Partial<HeatLayer>): HeatLayer => ({
  ...NEW_LAYER,
  name,
  source: { kind: 'ready', measure },
  ...more,
});

/** The layers of a panel that nobody has configured; none is asked for before it is shown. */
export const READY_LAYERS: HeatLayer[] = [
  ready('Dwell', 'dwell', { unit: 's', scheme: FieldColorModeId.ContinuousYlBl }),
  ready('Congestion', 'congestion', { unit: 's' }),
  ready('Errors', 'errors', { scheme: FieldColorModeId.ContinuousReds }),
  ready('Localisation', 'localisation', {
    unit: 'percentunit',
    min: 0,
    max: 1,
    scheme: FieldColorModeId.ContinuousYlBl,
  }),
  ready('Position deviation', 'deviation', { unit: 'lengthm', scheme: FieldColorModeId.ContinuousPurples }),
];

/** What each ready-made layer means, in one sentence. */
export const MEASURE_MEANING: Record<CellMeasure, string> = {
  dwell: 'Time that robots spent in each square metre, all robots together.',
  congestion: 'Time that robots waited (blocked, or working below 0.1 m/s) with another robot within a cell of them.',
  errors: 'ERROR events by the square metre where they happened.',
  localisation: 'Mean localisation score of what was reported from each square metre; 100 % is certain.',
  deviation: 'Mean deviation that robots reported of their own position.',
};

/** Refs of the queries that feed a layer, its own first: their frames hold no robots. */
export function refIdsOf({ source, compareWith }: HeatLayer): string[] {
  if (source.kind !== 'query') return [];
  return compareWith === '' ? [source.refId] : [source.refId, compareWith];
}
