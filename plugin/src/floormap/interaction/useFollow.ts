import { useEffect, useRef, useState } from 'react';
import type { Fleet } from '../fleet/fleet';
import { whyNotPlaced } from '../fleet/placement';
import type { MapEngine } from '../engine/mapEngine';

interface FollowSubject {
  engine: MapEngine | null;
  fleet: Fleet;
  /** The floor on screen. */
  mapId: string | null;
  /** Whether the map may show another floor. */
  canChangeFloor: boolean;
  /** Brings the map to the floor that the followed robot has gone to. */
  onOtherFloor: (robot: number) => void;
}

/** The robot that the map follows: kept in the middle while it moves, and from floor to floor. */
export function useFollow({ engine, fleet, mapId, canChangeFloor, onOtherFloor }: FollowSubject) {
  const [followedId, follow] = useState<string | null>(null);
  const latest = useRef(onOtherFloor);
  useEffect(() => {
    latest.current = onOtherFloor;
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
  const isGone = followed >= 0 && canChangeFloor && isOnOtherFloor(fleet, followed, mapId);
  useEffect(() => {
    if (isGone) latest.current(followed);
  }, [isGone, followed]);

  return { followedId, follow };
}

/** Whether a robot is in sight on another floor than this one. On the way, in a lift, it is on none. */
function isOnOtherFloor(fleet: Fleet, robot: number, mapId: string | null): boolean {
  const robotMap = fleet.mapIds[robot] ?? '';
  return mapId !== null && robotMap !== '' && robotMap !== mapId && whyNotPlaced(fleet, robot, robotMap) === '';
}
