import { NEW_LAYER } from '../heatmap/heatLayer';
import { DEFAULT_OPTIONS, MOST_TRAIL_POINTS, type FloorMapOptions } from './options';

/**
 * The options with everything that a panel written by hand, or by an older version, leaves out or empty. What makes no sense
 * is the default, so that a number cleared in the editor takes nothing off the map.
 */
export function completeOptions(saved: Partial<FloorMapOptions> | null | undefined): FloorMapOptions {
  const set = Object.entries(saved ?? {}).filter(([, value]) => value !== null && value !== undefined);
  const options = { ...DEFAULT_OPTIONS, ...(Object.fromEntries(set) as Partial<FloorMapOptions>) };
  const { layers, planPlacement, mapId, silentAfterSeconds, trailPoints } = options;
  return {
    ...options,
    planPlacement: { ...DEFAULT_OPTIONS.planPlacement, ...planPlacement },
    mapId: mapId.trim(),
    silentAfterSeconds: silentAfterSeconds > 0 ? silentAfterSeconds : DEFAULT_OPTIONS.silentAfterSeconds,
    trailPoints: Math.min(MOST_TRAIL_POINTS, Math.max(0, Math.floor(trailPoints) || 0)),
    layers: Array.isArray(layers) ? layers.map((layer) => ({ ...NEW_LAYER, ...layer })) : DEFAULT_OPTIONS.layers,
  };
}
