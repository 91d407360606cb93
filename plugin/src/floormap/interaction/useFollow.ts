import { useEffect, useRef } from 'react';
import type { MapEngine } from '../engine/mapEngine';
import type { Fleet } from '../fleet/fleet';
import { whyNotPlaced } from '../fleet/placement';

interface Followed {
  followedId: string | null;
  engine: MapEngine | null;
  fleet: Fleet;
  /** The floor on screen. */
  mapId: string | null;
  /** Whether the map may show another floor. */
  canChangeFloor: boolean;
  /** The followed robot has gone to another floor. */
  onLeft: (robot: number) => void;
}

/** Keeps the followed robot in the middle while it moves, and says when it has gone to another floor. */
export function useFollow({ followedId, engine, fleet, mapId, canChangeFloor, onLeft }: Followed): void {
  const latest = useRef(onLeft);
  useEffect(() => {
    latest.current = onLeft;
  });

  useEffect(() => {
    if (!engine || followedId === null) return;
    return engine.watchFrames((view) => {
      const { fleet: painted, xMetres, yMetres, isShown } = engine.painted;
      const robot = painted.robotIds.indexOf(followedId);
      const [centreXMetres, centreYMetres] = [xMetres[robot] ?? NaN, yMetres[robot] ?? NaN];
      if (isShown[robot] !== 1 || Number.isNaN(centreXMetres)) return;
      const movedPx =
        Math.hypot(centreXMetres - view.centreXMetres, centreYMetres - view.centreYMetres) * view.pxPerMetre;
      if (movedPx > 0.25) engine.setView({ ...view, centreXMetres, centreYMetres });
    });
  }, [engine, followedId]);

  const followed = followedId === null ? -1 : fleet.robotIds.indexOf(followedId);
  const hasLeft = followed >= 0 && canChangeFloor && isOnOtherFloor(fleet, followed, mapId);
  useEffect(() => {
    if (hasLeft) latest.current(followed);
  }, [hasLeft, followed]);
}

/** Whether a robot is in sight on another floor than this one. On the way, in a lift, it is on none. */
function isOnOtherFloor(fleet: Fleet, robot: number, mapId: string | null): boolean {
  const robotMap = fleet.mapIds[robot] ?? '';
  return mapId !== null && robotMap !== '' && robotMap !== mapId && whyNotPlaced(fleet, robot, robotMap) === '';
}
