import { useEffect, useRef } from 'react';
import type { MapEngine } from '../engine/mapEngine';
import type { Fleet } from '../fleet/fleet';

/**
 * Calls `onArrive` once for robots that were selected outside of the map, as soon as the fleet has one of them: a link is
 * opened before the first answer of the query.
 * @param arrivedIds the same array until others are selected
 */
export function useArrivals(
  engine: MapEngine | null,
  fleet: Fleet,
  arrivedIds: readonly string[],
  onArrive: (robots: readonly number[]) => void
): void {
  const latest = useRef(onArrive);
  useEffect(() => {
    latest.current = onArrive;
  });
  const shown = useRef('');
  useEffect(() => {
    const key = arrivedIds.join('\n');
    // An empty selection forgets the last one: the next link to the same robot shows it again.
    if (arrivedIds.length === 0) shown.current = '';
    if (!engine || key === shown.current) return;
    const indices = new Map(fleet.robotIds.map((robotId, i) => [robotId, i]));
    const robots = arrivedIds.map((robotId) => indices.get(robotId)).filter((robot) => robot !== undefined);
    if (robots.length === 0) return;
    shown.current = key;
    latest.current(robots);
  }, [engine, fleet, arrivedIds]);
}
