import { useState, type RefObject } from 'react';
import type { Zone } from '@floorwatch/floorplan/map-shape';
import type { MapPoint } from '@floorwatch/floorplan/transform';
import { toScreen } from '../geometry/viewport';
import { zoneAt } from '../geometry/zoneAt';
import { focusedRobot, pointOfFocus } from '../interaction/mapState';
import { idsInside } from '../interaction/selecting';
import type { MapControl } from '../interaction/useMapControl';

export interface OpenMenu {
  robot: number;
  point: MapPoint;
  /** Around the point, with those in it when the menu was opened. */
  zone: { zone: Zone; robots: number } | null;
  /** On the page, pixels. */
  at: { x: number; y: number };
}

/** The menu of a robot or a place; null while there is none. */
export function useMapMenu(host: RefObject<HTMLElement | null>, { state, world }: MapControl) {
  const [menu, setMenu] = useState<OpenMenu | null>(null);

  const open = (robot: number, point: MapPoint, at: OpenMenu['at']) => {
    const now = world();
    const zone = now && zoneAt(now.shapes, point);
    const robots = now && zone ? idsInside(zone.corners, now).length : 0;
    setMenu({ robot, point, zone: zone && robots > 0 ? { zone, robots } : null, at });
  };

  /** By key: that of the robot in focus, else of the middle of the map. */
  const openAtFocus = () => {
    const now = world();
    const box = host.current?.getBoundingClientRect();
    if (!now || !box) return;
    const point = pointOfFocus(state, now);
    const { xPx, yPx } = toScreen(now.view, point);
    open(focusedRobot(state, now.fleet), point, { x: box.left + xPx, y: box.top + yPx });
  };

  const close = () => {
    setMenu(null);
    host.current?.focus();
  };
  return { menu, open, openAtFocus, close };
}
