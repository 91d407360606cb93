import type { Fleet } from './fleet';
import { STATUSES, statusIndex, TROUBLE, type Status } from './status';
import { noMap, noPosition, onFloor } from './reasons';

/**
 * Which robots of a fleet can be drawn on one floor. Invariants: `placed` + all of `reasons` = the whole fleet, and `placed` +
 * `elsewhere` + those without a place on any floor = the whole fleet.
 */
export interface Placement {
  /** 1 where the robot has a place on the shown floor. */
  isPlaced: Uint8Array;
  placed: number;
  /** Robots that have a place on another floor. */
  elsewhere: number;
  /** Robots that are not drawn, by the reason, as indices into the fleet. */
  reasons: Map<string, number[]>;
}

/** @param mapId the floor on screen; null draws every robot that has a position */
export function placeFleet(fleet: Fleet, mapId: string | null): Placement {
  const isPlaced = new Uint8Array(fleet.count);
  const reasons = new Map<string, number[]>();
  let [placed, elsewhere] = [0, 0];
  for (let i = 0; i < fleet.count; i++) {
    const reason = whyNotPlaced(fleet, i, mapId);
    if (reason === '') {
      isPlaced[i] = 1;
      placed++;
      continue;
    }
    if (whyNotPlaced(fleet, i, fleet.mapIds[i] || mapId) === '') elsewhere++;
    const robots = reasons.get(reason);
    if (robots) robots.push(i);
    else reasons.set(reason, [i]);
  }
  return { isPlaced, placed, elsewhere, reasons };
}

/** Why a robot cannot be drawn on a floor; '' when it can. */
export function whyNotPlaced(fleet: Fleet, i: number, mapId: string | null): string {
  const reported = fleet.notPlacedReasons[i] ?? '';
  if (reported !== '') return reported;
  if (Number.isNaN(fleet.xMetres[i])) return noPosition();
  const robotMap = fleet.mapIds[i] ?? '';
  if (mapId === null || robotMap === mapId) return '';
  return robotMap === '' ? noMap() : onFloor(robotMap);
}

/** The reasons that most robots have no place for, the commonest first. */
export function commonReasons({ reasons }: Placement, limit: number): Array<[string, number[]]> {
  return [...reasons].sort(([, a], [, b]) => b.length - a.length).slice(0, limit);
}

export interface Floor {
  mapId: string;
  /** That would be placed if this floor were on screen. */
  robots: number;
  /** What is worst there, and how many robots have it; null where nothing is wrong. */
  worst: { status: Status; robots: number } | null;
}

/** The floors that robots report, the fullest first; a robot counts where it can be drawn, and else for none. */
export function listFloors(fleet: Fleet): Floor[] {
  const statusesOf = new Map<string, Uint32Array>();
  fleet.mapIds.forEach((mapId, i) => {
    if (mapId === '') return;
    const statuses = statusesOf.get(mapId) ?? new Uint32Array(STATUSES.length);
    statusesOf.set(mapId, statuses);
    if (whyNotPlaced(fleet, i, mapId) !== '') return;
    const status = fleet.statuses[i] ?? 0;
    statuses[status] = (statuses[status] ?? 0) + 1;
  });
  return [...statusesOf]
    .map(([mapId, statuses]) => {
      const worst = TROUBLE.map((status) => ({ status, robots: statuses[statusIndex(status)] ?? 0 }));
      const robots = statuses.reduce((sum, one) => sum + one, 0);
      return { mapId, robots, worst: worst.find((one) => one.robots > 0) ?? null };
    })
    .sort((a, b) => b.robots - a.robots || a.mapId.localeCompare(b.mapId));
}
