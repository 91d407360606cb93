import { useEffect, useState } from 'react';
import { toScreen, type Viewport } from '../geometry/viewport';
import type { MapEngine } from '../engine/mapEngine';
import type { PaintedRobots } from '../paint/paintedRobots';

/** Between two looks: a view on the move passes over empty floor. */
const LOOK_EVERY_MS = 400;

/** True while there are robots to be seen on this floor, and the view shows none of them. */
export function useOutOfSight(engine: MapEngine | null): boolean {
  const [isOut, setOut] = useState(false);
  useEffect(() => {
    if (!engine) return;
    let timer = 0;
    const look = () => {
      timer = 0;
      setOut(areOutOfSight(engine.view, engine.painted));
    };
    const stop = engine.watchFrames(() => {
      timer ||= window.setTimeout(look, LOOK_EVERY_MS);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [engine]);
  return isOut;
}

export function areOutOfSight(
  view: Viewport,
  { xMetres, yMetres, isShown }: Pick<PaintedRobots, 'xMetres' | 'yMetres' | 'isShown'>
): boolean {
  const origin = toScreen(view, { xMetres: 0, yMetres: 0 });
  let isAnyShown = false;
  for (let i = 0; i < isShown.length; i++) {
    if (isShown[i] !== 1) continue;
    isAnyShown = true;
    const xPx = origin.xPx + (xMetres[i] ?? NaN) * view.pxPerMetre;
    const yPx = origin.yPx - (yMetres[i] ?? NaN) * view.pxPerMetre;
    if (xPx >= 0 && yPx >= 0 && xPx <= view.widthPx && yPx <= view.heightPx) return false;
  }
  return isAnyShown;
}
