import { useEffect } from 'react';
import type { MapEngine } from '../paint/mapEngine';

/** Keeps a robot in the middle of the map while it moves; null follows nobody. */
export function useFollow(engine: MapEngine | null, robotId: string | null): void {
  useEffect(() => {
    if (!engine || robotId === null) return;
    return engine.watchFrames((view) => {
      const { fleet, xMetres, yMetres, isShown } = engine.painted;
      const robot = fleet.robotIds.indexOf(robotId);
      const [centreXMetres, centreYMetres] = [xMetres[robot] ?? NaN, yMetres[robot] ?? NaN];
      if (isShown[robot] !== 1 || Number.isNaN(centreXMetres)) return;
      const movedPx =
        Math.hypot(centreXMetres - view.centreXMetres, centreYMetres - view.centreYMetres) * view.pxPerMetre;
      if (movedPx > 0.25) engine.setView({ ...view, centreXMetres, centreYMetres });
    });
  }, [engine, robotId]);
}
