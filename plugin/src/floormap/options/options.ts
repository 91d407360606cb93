import type { FleetOptions } from '../fleet/useFleet';
import { NEW_LAYER, READY_LAYERS, type HeatLayer } from '../heatmap/heatLayer';
import type { PlanOptions } from '../plan/planOptions';

/** The options that a dashboard saves. */
export interface FloorMapOptions extends PlanOptions, FleetOptions {
  /** Floor to show; '' follows the viewer's choice. */
  mapId: string;
  /** How long each floor is shown before the next one; 0 for no rotation. */
  rotateFloorsSeconds: number;
  /** Past places that each robot's trail joins; 0 for no trails. */
  trailPoints: number;
  /** Halos on robots that an alert fires for. */
  showAlerts: boolean;
  /** Grafana folder of the rules whose alerts are shown; '' for all. */
  alertFolder: string;
  showLegend: boolean;
  /** Zones, lanes and stations of the floor, from the database. */
  showZones: boolean;
  /** Coloured cells over the plan. */
  layers: HeatLayer[];
  wheelZoom: boolean;
  /** Between two refreshes, asks about once per second which robots reported. */
  live: boolean;
  /** Dashboard variable that holds the selected robots; '' for none. */
  selectionVariable: string;
  /** Id of the robot that the map follows as soon as it has it; '' for none. The user can stop that. */
  followedRobot: string;
}

export const MOST_TRAIL_POINTS = 120;
/** Less, a floor would be gone before its plan is painted and read. */
export const LEAST_ROTATION_SECONDS = 5;

export const DEFAULT_OPTIONS: FloorMapOptions = {
  planSource: 'database',
  planUrl: '',
  planPlacement: { metresPerPixel: 0.05, originXMetres: 0, originYMetres: 0, yawDegrees: 0, points: [] },
  mapId: '',
  rotateFloorsSeconds: 0,
  silentAfterSeconds: 60,
  headingInDegrees: false,
  trailPoints: 6,
  showAlerts: true,
  alertFolder: 'Floorwatch',
  showLegend: true,
  showZones: true,
  layers: READY_LAYERS,
  wheelZoom: true,
  live: true,
  selectionVariable: '',
  followedRobot: '',
  fields: {},
};

/**
 * The options with everything that a panel written by hand, or by an older version, leaves out or empty. What makes no sense
 * is the default, so that a number cleared in the editor takes nothing off the map.
 */
export function completeOptions(saved: Partial<FloorMapOptions> | null | undefined): FloorMapOptions {
  const set = Object.entries(saved ?? {}).filter(([, value]) => value !== null && value !== undefined);
  const options = { ...DEFAULT_OPTIONS, ...(Object.fromEntries(set) as Partial<FloorMapOptions>) };
  const { layers, planPlacement, mapId, rotateFloorsSeconds, silentAfterSeconds, trailPoints } = options;
  return {
    ...options,
    planPlacement: { ...DEFAULT_OPTIONS.planPlacement, ...planPlacement },
    mapId: mapId.trim(),
    rotateFloorsSeconds: rotateFloorsSeconds > 0 ? Math.max(LEAST_ROTATION_SECONDS, rotateFloorsSeconds) : 0,
    silentAfterSeconds: silentAfterSeconds > 0 ? silentAfterSeconds : DEFAULT_OPTIONS.silentAfterSeconds,
    trailPoints: Math.min(MOST_TRAIL_POINTS, Math.max(0, Math.floor(trailPoints) || 0)),
    layers: Array.isArray(layers) ? layers.map((layer) => ({ ...NEW_LAYER, ...layer })) : DEFAULT_OPTIONS.layers,
  };
}
