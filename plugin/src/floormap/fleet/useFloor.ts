import { useMemo, useState } from 'react';
import type { Fleet } from './fleet';
import { listFloors, placeFleet, type Floor, type Placement } from './placement';

interface ShownFloor {
  floors: Floor[];
  /** Null while no robot reports a map: then every position is drawn. */
  mapId: string | null;
  placement: Placement;
  showFloor: (mapId: string) => void;
}

/** The floor on screen: the one in the options, else the viewer's choice, else the fullest when the map was opened. */
export function useFloor(fleet: Fleet, fixedMapId: string): ShownFloor {
  const [chosen, setChosen] = useState<string | null>(null);
  const [opened, setOpened] = useState<string | null>(null);
  const floors = useMemo(() => listFloors(fleet), [fleet]);
  const fullest = floors[0]?.mapId ?? null;
  // Kept from then on: a floor must not change under the viewer because a robot took the lift.
  if (opened === null && fullest !== null) setOpened(fullest);
  const mapId = fixedMapId || chosen || opened || fullest;
  // For a query without floors, a floor fixed by the options only chooses the plan: robot_id, x, y are enough.
  const tellsFloors = floors.length > 0;
  const placement = useMemo(() => placeFleet(fleet, tellsFloors ? mapId : null), [fleet, mapId, tellsFloors]);
  return { floors, mapId, placement, showFloor: setChosen };
}
