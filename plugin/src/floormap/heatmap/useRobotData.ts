import { useMemo } from 'react';
import type { PanelData } from '@grafana/data';
import { refIdsOf, type HeatLayer } from './heatLayer';

/** The panel's data without the queries that feed layers: neither their frames nor their failures are the robots'. */
export function useRobotData(data: PanelData, layers: readonly HeatLayer[]): PanelData {
  return useMemo(() => withoutLayers(data, layers), [data, layers]);
}

export function withoutLayers(data: PanelData, layers: readonly HeatLayer[]): PanelData {
  const refIds = new Set(layers.flatMap(refIdsOf));
  const isLayers = (refId: string | undefined) => refId !== undefined && refIds.has(refId);
  if (!data.series.some(({ refId }) => isLayers(refId)) && !data.errors?.some(({ refId }) => isLayers(refId)))
    return data;
  const { error, ...rest } = data;
  const errors = data.errors?.filter(({ refId }) => !isLayers(refId));
  return {
    ...rest,
    series: data.series.filter(({ refId }) => !isLayers(refId)),
    ...(errors ? { errors } : {}),
    ...(error && !isLayers(error.refId) ? { error } : {}),
  };
}
