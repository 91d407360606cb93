import { useEffect, useRef, type RefObject } from 'react';
import type { MapEngine } from '../paint/mapEngine';
import { attachPointer } from './mapPointer';

interface PointerUse {
  wheelZoom: boolean;
  /** The robot under the pointer and the pointer's place on the page; null when there is none. */
  onHover: (hovered: { robot: number; x: number; y: number } | null) => void;
  onPick: (robot: number, adds: boolean) => void;
  onMoved: () => void;
}

/** Listens to the pointer on the map; handlers may change at each render without listening anew. */
export function useMapPointer(host: RefObject<HTMLElement | null>, engine: MapEngine | null, use: PointerUse): void {
  const latest = useRef(use);
  useEffect(() => {
    latest.current = use;
  });
  useEffect(() => {
    const surface = host.current;
    if (!surface || !engine) return;
    return attachPointer(surface, engine, {
      onHover: (robot, at) => {
        const box = surface.getBoundingClientRect();
        latest.current.onHover(robot < 0 ? null : { robot, x: box.left + at.xPx, y: box.top + at.yPx });
      },
      onPick: (robot, adds) => latest.current.onPick(robot, adds),
      onMoved: () => latest.current.onMoved(),
      wheelZooms: () => latest.current.wheelZoom,
    });
  }, [host, engine]);
}
