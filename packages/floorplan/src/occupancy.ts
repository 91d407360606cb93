import type { RosMap } from './ros-map.ts';

export type Occupancy = 'free' | 'occupied' | 'unknown';

/**
 * What `map_server` makes of a grey value (0–255) in trinary mode: p = (255 − grey) / 255, or grey / 255 when negated;
 * above `occupied_thresh` is occupied, below `free_thresh` is free.
 * @see https://wiki.ros.org/map_server#Value_Interpretation
 */
export function occupancyOf(
  map: Pick<RosMap, 'negate' | 'occupiedThreshold' | 'freeThreshold'>,
  grey: number
): Occupancy {
  const probability = (map.negate ? grey : 255 - grey) / 255;
  if (probability > map.occupiedThreshold) return 'occupied';
  return probability < map.freeThreshold ? 'free' : 'unknown';
}
