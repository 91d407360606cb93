import { useEffect, useRef, type RefObject } from 'react';
import type { MapEngine } from '../engine/mapEngine';
import { attachPointer, type PointerActions } from './mapPointer';

/** Listens to the pointer on the map; actions may change at each render without listening again. */
export function useMapPointer(
  host: RefObject<HTMLElement | null>,
  engine: MapEngine | null,
  actions: PointerActions
): void {
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  useEffect(() => {
    const surface = host.current;
    if (!surface || !engine) return;
    return attachPointer(surface, engine, {
      onHover: (...args) => latest.current.onHover(...args),
      onPick: (...args) => latest.current.onPick(...args),
      onMenu: (...args) => latest.current.onMenu(...args),
      onMenuKey: () => latest.current.onMenuKey(),
      onArea: (...args) => latest.current.onArea(...args),
      onMoved: () => latest.current.onMoved(),
      tool: () => latest.current.tool(),
      wheelZooms: () => latest.current.wheelZooms(),
    });
  }, [host, engine]);
}
