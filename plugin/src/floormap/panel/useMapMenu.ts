import { useState, type RefObject } from 'react';
import type { Zone } from '@floorwatch/ingestor/plans/map-shape';
import type { MapPoint } from '@floorwatch/ingestor/plans/transform';
import { toScreen } from '../geometry/viewport';
import type { MapEngine } from '../engine/mapEngine';
import type { MapActions } from '../interaction/useMapActions';

interface OpenMenu {
  robot: number;
  point: MapPoint;
  /** Around the point, with those in it when the menu was opened. */
  zone: { zone: Zone; robots: number } | null;
  /** On the page, pixels. */
  at: { x: number; y: number };
}

/** The menu of a robot or a place; null while there is none. */
export function useMapMenu(host: RefObject<HTMLElement | null>, engine: MapEngine | null, actions: MapActions) {
  const [menu, setMenu] = useState<OpenMenu | null>(null);

  const open = (robot: number, point: MapPoint, at: OpenMenu['at']) => {
    const zone = actions.zoneAt(point);
    const robots = zone ? actions.robotsInZone(zone).length : 0;
    setMenu({ robot, point, zone: zone && robots > 0 ? { zone, robots } : null, at });
  };

  /** By key: that of the robot in focus, else of the middle of the map. */
  const openAtFocus = () => {
    const box = host.current?.getBoundingClientRect();
    if (!engine || !box) return;
    const point = actions.pointOfFocus();
    const { xPx, yPx } = toScreen(engine.view, point);
    open(actions.focus, point, { x: box.left + xPx, y: box.top + yPx });
  };

  const close = () => {
    setMenu(null);
    host.current?.focus();
  };
  return { menu, open, openAtFocus, close };
}
