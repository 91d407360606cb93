import { useMemo, useState } from 'react';
import type { MapShape, Zone } from '@floorwatch/ingestor/plans/map-shape';
import type { MapPoint } from '@floorwatch/ingestor/plans/transform';
import type { Fleet } from '../fleet/fleet';
import type { Selection } from '../selection/useSelection';
import { robotsInside } from '../geometry/area';
import { bringOnScreen } from '../geometry/viewChanges';
import { labelPoint } from '../geometry/shapeGeometry';
import { nameOfZone, zoneAt, zonesOf } from '../geometry/zoneAt';
import type { MapEngine } from '../engine/mapEngine';
import type { Sketch } from '../layers/drawingLayer';

interface Subject {
  engine: MapEngine | null;
  fleet: Fleet;
  isShown: Uint8Array;
  shapes: readonly MapShape[];
  selection: Selection;
  moveTo: (view: MapEngine['view']) => void;
}

/** The zone whose robots were selected last, and what selects those of another one. */
export function useZoneSelection({ engine, fleet, isShown, shapes, selection, moveTo }: Subject) {
  const [chosen, setChosen] = useState<{ zone: Zone; ids: readonly string[] } | null>(null);

  /** Around the zone, while those that were in it are the selected ones. */
  const outline = useMemo<Sketch | null>(
    () => (chosen && isSame(selection.robotIds, chosen.ids) ? { kind: 'area', points: chosen.zone.corners } : null),
    [chosen, selection.robotIds]
  );

  const robotsIn = (zone: Zone): string[] => {
    if (!engine) return [];
    const { xMetres, yMetres } = engine.painted;
    return robotsInside(zone.corners, xMetres, yMetres, isShown).map((robot) => fleet.robotIds[robot] ?? '');
  };

  /** @returns what there is to say of it */
  const select = (zone: Zone, adds: boolean): string => {
    const inside = robotsIn(zone);
    const ids = adds ? [...new Set([...selection.robotIds, ...inside])] : inside;
    const held = selection.select(ids);
    setChosen({ zone, ids: held });
    return `${countRobots(adds ? inside.length : held.length)} in zone ${nameOfZone(zone)} selected`;
  };

  /** A click on the zone that is selected takes the selection back. */
  const toggle = (zone: Zone, adds: boolean): string => {
    const isSelected = !adds && chosen?.zone.id === zone.id && chosen.ids.length > 0 && outline !== null;
    if (!isSelected) return select(zone, adds);
    setChosen(null);
    selection.select([]);
    return `Zone ${nameOfZone(zone)} no longer selected`;
  };

  /** Selects in the next (1) or previous (−1) zone by name, and brings it on screen. */
  const step = (direction: 1 | -1): string => {
    const zones = zonesOf(shapes);
    const last = zones.findIndex(({ id }) => id === chosen?.zone.id);
    const next = zones.at(last < 0 ? Math.min(0, direction) : (last + direction) % zones.length);
    if (!engine || !next) return 'No zones on this floor';
    const view = bringOnScreen(engine.view, labelPoint(next.corners));
    if (view !== engine.view) moveTo(view);
    return select(next, false);
  };

  return {
    at: (point: MapPoint) => zoneAt(shapes, point),
    robotsIn,
    select,
    toggle,
    step,
    outline,
    leave: () => setChosen(null),
  };
}

export function countRobots(robots: number): string {
  return robots === 1 ? '1 robot' : `${robots} robots`;
}

function isSame(robotIds: ReadonlySet<string>, ids: readonly string[]): boolean {
  return robotIds.size === ids.length && ids.every((id) => robotIds.has(id));
}
