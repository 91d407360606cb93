import { FieldColorModeId } from '@grafana/data';
import { CELL_MEASURE_IDS, CELL_MEASURES, type CellMeasureId } from '../../queries/floorCells';
import { measureTexts } from '../../queries/measureTexts';

/** Where a layer's cells come from: one of the panel's queries, or what the warehouse has ready. */
export type LayerSource = { kind: 'query'; refId: string } | { kind: 'ready'; measure: CellMeasureId };

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

/** The layers of a panel that is not configured. None is queried before it is shown. */
export const READY_LAYERS: HeatLayer[] = CELL_MEASURE_IDS.map((measure) => {
  const { name, unit, scheme, min = null, max = null } = CELL_MEASURES[measure];
  return { ...NEW_LAYER, name, source: { kind: 'ready', measure }, unit, scheme, min, max };
});

/** What people read: the name that somebody gave a layer, or in their language that of a measure. */
export function nameOfLayer({ name, source }: HeatLayer): string {
  if (source.kind !== 'ready' || CELL_MEASURES[source.measure]?.name !== name) return name;
  return measureTexts(source.measure).name;
}

/** Refs of the queries that feed a layer, its own first: their frames hold no robots. */
export function refIdsOf({ source, compareWith }: HeatLayer): string[] {
  if (source.kind !== 'query') return [];
  return compareWith === '' ? [source.refId] : [source.refId, compareWith];
}
