import { useMemo, useState } from 'react';
import { formattedValueToString, getValueFormat, type GrafanaTheme2, type PanelData } from '@grafana/data';
import type { MapPoint } from '@floorwatch/floorplan/transform';
import { t } from '@grafana/i18n';
import { formatDuration } from '../fleet/age';
import type { HeatPicture } from '../paint/scene';
import { readsClickHouse } from '../plan/askDatabase';
import { cellKey } from './cells';
import { UNESCAPED } from '../../grafana/showText';
import { nameOfLayer, type HeatLayer } from './heatLayer';
import { drawHeat } from './heatPicture';
import { createScale, type HeatScale } from './heatScale';
import { useCells, type LoadedLayer } from './useCells';

/** A shown layer with everything that its legend and the painter need. */
export interface ShownLayer extends LoadedLayer {
  scale: HeatScale;
  picture: HeatPicture | null;
  valueByCell: ReadonlyMap<string, number>;
}

export interface Layers {
  /** All that can be shown here. */
  available: readonly HeatLayer[];
  shown: readonly ShownLayer[];
  pictures: readonly HeatPicture[];
  /** Shows one layer alone, or none; with `adds` it joins or leaves the others. */
  toggle: (name: string, adds: boolean) => void;
  /** Compares with the same range so much earlier; '' compares nothing. */
  compare: (name: string, span: string) => void;
  /** What the shown layers say of a place. */
  readAt: (point: MapPoint) => Array<{ name: string; text: string }>;
  problems: string[];
}

/** The layers of the panel: which ones the viewer wants, their cells on this floor, and their pictures. */
export function useLayers(
  data: PanelData,
  layers: readonly HeatLayer[],
  mapId: string | null,
  theme: GrafanaTheme2
): Layers {
  const [wanted, setWanted] = useState<ReadonlySet<string> | null>(null);
  const [spans, setSpans] = useState<Readonly<Record<string, string>>>({});
  const hasWarehouse = readsClickHouse(data.request);
  const available = useMemo(
    () => layers.filter(({ source }) => source.kind === 'query' || hasWarehouse),
    [layers, hasWarehouse]
  );
  const chosen = useMemo(
    () =>
      available
        .filter(({ name, isShown }) => (wanted ? wanted.has(name) : isShown))
        .map((layer) => ({ ...layer, compareWith: spans[layer.name] ?? layer.compareWith })),
    [available, wanted, spans]
  );
  const loaded = useCells(data, chosen, mapId);
  const shown = useMemo(() => loaded.map((one) => paintLayer(one, theme)), [loaded, theme]);
  const pictures = useMemo(() => shown.flatMap(({ picture }) => picture ?? []), [shown]);

  const toggle = (name: string, adds: boolean) => {
    const names = chosen.map((layer) => layer.name);
    const others = adds ? names.filter((other) => other !== name) : [];
    setWanted(new Set(names.includes(name) ? others : [...others, name]));
  };
  const readAt = ({ xMetres, yMetres }: MapPoint) =>
    shown.flatMap(({ layer, cells: { sideMetres }, valueByCell }) => {
      const key = cellKey(Math.floor(xMetres / sideMetres), Math.floor(yMetres / sideMetres));
      const value = valueByCell.get(key);
      return value === undefined ? [] : [{ name: nameOfLayer(layer), text: formatCell(layer, value) }];
    });
  return {
    available,
    shown,
    pictures,
    toggle,
    compare: (name, span) => setSpans((others) => ({ ...others, [name]: span })),
    readAt,
    problems: shown.map(({ problem }) => problem).filter(Boolean),
  };
}

function paintLayer(loaded: LoadedLayer, theme: GrafanaTheme2): ShownLayer {
  const { layer, cells } = loaded;
  const { min, max, scheme } = layer;
  const scale = createScale(cells.values, { min, max, scheme, isComparison: layer.compareWith !== '' }, theme);
  const valueByCell = new Map(
    Array.from(cells.values, (value, i) => [cellKey(cells.columns[i] ?? 0, cells.rows[i] ?? 0), value] as const)
  );
  try {
    return { ...loaded, scale, valueByCell, picture: drawHeat(cells, scale, layer.opacity) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return {
      ...loaded,
      scale,
      valueByCell,
      picture: null,
      problem: t('map.layers.unpainted', 'Layer {{name}}: {{reason}}.', {
        name: nameOfLayer(layer),
        reason,
        ...UNESCAPED,
      }),
    };
  }
}

/** A value in the layer's unit; a comparison says which way it goes. */
export function formatCell({ unit, compareWith }: HeatLayer, value: number): string {
  // Grafana's own unit of seconds writes 75 s as 1.25 mins.
  const text = unit === 's' ? formatDuration(value) : formattedValueToString(getValueFormat(unit)(value));
  return compareWith !== '' && value > 0 ? `+${text}` : text;
}
