import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import type { MapEngine } from '../engine/mapEngine';
import type { Status } from '../fleet/status';
import type { SelectionVariable } from '../selection/selectionVariable';
import { eventOfKey } from './mapKeyboard';
import { INITIAL_STATE, selectionOf, type Effect, type MapEvent, type MapState, type World } from './mapState';
import { transition } from './transition';
import { useArrivals } from './useArrivals';
import { useFollow } from './useFollow';
import { keepView, viewKey } from './viewMemory';

/** What the transition reads that does not come from the engine, the variable or the clock. */
type Facts = Omit<World, 'view' | 'painted' | 'variableIds' | 'mostSelected' | 'fitsAddress' | 'nowMs'>;

interface Surroundings {
  panelId: number;
  engine: MapEngine | null;
  facts: Facts;
  variable: SelectionVariable;
  /** The robot that the options name; '' for none. */
  followedRobot: string;
  fit: () => void;
  holdView: () => void;
  showFloor: (mapId: string) => void;
  setHidden: (hidden: ReadonlySet<Status>) => void;
  /** Gives the keyboard back to the map. */
  takeKeys: () => void;
}

export interface MapControl {
  state: MapState;
  selectedIds: ReadonlySet<string>;
  dispatch: (event: MapEvent) => void;
  /** What there is now; null before the map has an engine. */
  world: () => World | null;
  onKeyDown: (event: KeyboardEvent) => void;
}

/** Connects the map's state to what it reads and to what it makes others do. All decisions are in `transition`. */
export function useMapControl(surroundings: Surroundings): MapControl {
  const [state, setState] = useState(INITIAL_STATE);
  // Several events may come before the next render.
  const latest = useRef({ state, surroundings });
  useEffect(() => {
    latest.current.surroundings = surroundings;
  });
  const { engine, facts, variable, followedRobot } = surroundings;

  const dispatch = (event: MapEvent): void => {
    const world = worldOf(latest.current.surroundings);
    if (!world) return;
    const next = transition(latest.current.state, event, world);
    if (next.state !== latest.current.state) setState((latest.current.state = next.state));
    for (const effect of next.effects) perform(effect, latest.current.surroundings);
  };

  useFollow({
    followedId: state.followedId,
    engine,
    ...facts,
    onLeft: (robot) => dispatch({ kind: 'followedLeft', robot }),
  });

  const { robotIds: variableIds } = variable;
  const selectedIds = useMemo(
    () =>
      new Set(selectionOf({ selectedIds: state.selectedIds, isSelectionLong: state.isSelectionLong }, { variableIds })),
    [state.selectedIds, state.isSelectionLong, variableIds]
  );

  useArrivals(engine, facts.fleet, variable.arrivedIds, (robots) => dispatch({ kind: 'arrive', robots }));
  const followedIds = useMemo(() => (followedRobot === '' ? [] : [followedRobot]), [followedRobot]);
  useArrivals(engine, facts.fleet, followedIds, ([robot]) => dispatch({ kind: 'follow', robot: robot ?? null }));

  const onKeyDown = (event: KeyboardEvent) => {
    if (!engine || event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const meant = eventOfKey(event.key, { shiftKey: event.shiftKey, view: engine.view });
    if (!meant) return;
    dispatch(meant);
    event.preventDefault();
    // Grafana has shortcuts of its own on single letters.
    event.stopPropagation();
  };

  return { state, selectedIds, dispatch, world: () => worldOf(latest.current.surroundings), onKeyDown };
}

function worldOf({ engine, facts, variable }: Surroundings): World | null {
  if (!engine) return null;
  return {
    ...facts,
    view: engine.view,
    painted: engine.painted,
    variableIds: variable.robotIds,
    mostSelected: variable.mostRobots(),
    fitsAddress: variable.fits,
    nowMs: Date.now(),
  };
}

function perform(effect: Effect, surroundings: Surroundings): void {
  const { panelId, engine } = surroundings;
  switch (effect.kind) {
    case 'setView':
      engine?.setView(effect.view);
      return surroundings.holdView();
    case 'holdView':
      return surroundings.holdView();
    case 'fit':
      return surroundings.fit();
    case 'showFloor':
      // The floor comes up with the view that is kept for it.
      if (effect.view) keepView(viewKey(panelId, effect.mapId), effect.view);
      return surroundings.showFloor(effect.mapId);
    case 'setHidden':
      return surroundings.setHidden(effect.hidden);
    case 'select':
      return surroundings.variable.write(effect.robotIds);
    case 'takeKeys':
      return surroundings.takeKeys();
  }
}
