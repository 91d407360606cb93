import { useState, type RefObject } from 'react';
import type { PanelProps } from '@grafana/data';
import { Hover } from '../interaction/hover';
import { focusedAnnotation } from '../interaction/mapState';
import { usePageKeys } from '../interaction/pageKeys';
import { useMapControl } from '../interaction/useMapControl';
import { useMapEngine } from '../interaction/useMapEngine';
import { useMapPointer } from '../interaction/useMapPointer';
import { viewKey } from '../interaction/viewMemory';
import type { FloorMapOptions } from '../options/options';
import { useEngineInput } from './useEngineInput';
import { useMapMenu } from './useMapMenu';
import type { MapModel } from './useMapModel';

/** The map on its element: the engine that paints the model, and what the user does to it. */
export function useMap(
  { id: panelId, width, timeZone }: PanelProps<FloorMapOptions>,
  model: MapModel,
  host: RefObject<HTMLDivElement | null>,
  height: number
) {
  const { options, fleet, placement, isShown, hidden, shapes, annotations, mapId, variable } = model;
  const memoryKey = viewKey(panelId, mapId);
  const { engine, fit, holdView } = useMapEngine(host, { width, height }, model.content, memoryKey, model.palette);
  const canChangeFloor = options.mapId === '';
  const control = useMapControl({
    panelId,
    engine,
    facts: { fleet, placement, isShown, hidden, shapes, annotations, mapId, canChangeFloor, timeZone },
    variable,
    followedRobot: options.followedRobot,
    fit,
    holdView,
    showFloor: (floor) => canChangeFloor && model.showFloor(floor),
    setHidden: model.setHidden,
    takeKeys: () => host.current?.focus(),
  });
  const { state, dispatch, selectedIds } = control;
  usePageKeys(host, () => {
    dispatch({ kind: 'openFind', isOpen: true });
    // A box that is already open does not take the focus by itself.
    host.current?.parentElement?.querySelector<HTMLElement>('[data-testid="floormap-find"]')?.focus();
  });
  const [hover] = useState(() => new Hover());
  const menus = useMapMenu(host, control);
  const focused = annotations[focusedAnnotation(state, annotations)] ?? null;
  useEngineInput(engine, model, { selectedIds, focusedAnnotation: focused });
  useMapPointer(host, engine, {
    onHover: (robot, at) => hover.change({ robotId: fleet.robotIds[robot] ?? null, at }),
    onPick: (robot, at, adds) => dispatch({ kind: 'click', robot, at, adds }),
    onArea: (points, isDone, adds) => {
      hover.change({ area: isDone ? null : { kind: 'area', points: [...points] } });
      if (isDone) dispatch({ kind: 'selectArea', points, adds });
    },
    onMenu: (robot, point, { clientX: x, clientY: y }) => menus.open(robot, point, { x, y }),
    onMenuKey: menus.openAtFocus,
    onMoved: () => dispatch({ kind: 'dragged' }),
    tool: () => state.tool,
    wheelZooms: () => options.wheelZoom,
  });
  return { engine, control, hover, menus, focusedAnnotation: focused };
}
