import { useState } from 'react';
import { speakOfRobot } from '../fleet/describe';
import type { Fleet } from '../fleet/fleet';
import { whyNotPlaced, type Placement } from '../fleet/placement';
import { statusAt, type Status } from '../fleet/status';
import type { MapEngine } from '../engine/mapEngine';
import { keepView, viewKey } from './viewMemory';

/** At least this close when the map goes to a robot. */
const CLOSE_PX_PER_METRE = 25;

export interface GoToSubject {
  panelId: number;
  engine: MapEngine | null;
  fleet: Fleet;
  placement: Placement;
  /** The floor on screen. */
  mapId: string | null;
  /** Switches the floor; null where the panel's options have fixed it. */
  showFloor: ((mapId: string) => void) | null;
  hidden: ReadonlySet<Status>;
  setHidden: (hidden: ReadonlySet<Status>) => void;
  holdView: () => void;
}

/** The robot that the map was brought to, and what brings it to one: to its floor, into the middle, out of hiding. */
export function useGoTo(subject: GoToSubject) {
  const { panelId, engine, fleet, placement, mapId, showFloor, hidden, setHidden, holdView } = subject;
  const [focusId, setFocusId] = useState<string | null>(null);

  /** @returns what there is to say of it: what it does and reports, and its floor or why it has no place */
  const goTo = (robot: number): string => {
    const robotId = fleet.robotIds[robot] ?? '';
    setFocusId(robotId);
    const said = speakOfRobot(fleet, robot, Date.now());
    const robotMap = fleet.mapIds[robot] || null;
    const isHere = placement.isPlaced[robot] === 1;
    const isElsewhere = !isHere && mapId !== null && robotMap !== null && robotMap !== mapId;
    const reason = isHere ? '' : whyNotPlaced(fleet, robot, isElsewhere && showFloor ? robotMap : mapId);
    if (!engine || reason !== '') return reason === '' ? said : `${said}, not placed: ${reason}`;

    // Whoever asks for one robot wants to see it, whatever the legend hides.
    const status = statusAt(fleet.statuses[robot] ?? 0);
    if (hidden.has(status)) setHidden(new Set([...hidden].filter((other) => other !== status)));
    const centre = {
      centreXMetres: engine.painted.xMetres[robot] ?? fleet.xMetres[robot] ?? 0,
      centreYMetres: engine.painted.yMetres[robot] ?? fleet.yMetres[robot] ?? 0,
    };
    const view = { ...engine.view, ...centre, pxPerMetre: Math.max(engine.view.pxPerMetre, CLOSE_PX_PER_METRE) };
    if (isElsewhere && showFloor) {
      // The floor comes up with the view that is kept for it.
      keepView(viewKey(panelId, robotMap), view);
      showFloor(robotMap);
      return `${said}, on floor ${robotMap}`;
    }
    engine.setView(view);
    holdView();
    return said;
  };

  const focus = focusId === null ? -1 : fleet.robotIds.indexOf(focusId);
  return { focus, goTo, leave: () => setFocusId(null) };
}
