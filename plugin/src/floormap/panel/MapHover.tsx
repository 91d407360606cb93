import React, { useEffect, useMemo, type RefObject } from 'react';
import { annotationsAt, placeOfAnnotation } from '../annotations/annotationsAt';
import type { Annotation } from '../annotations/readAnnotations';
import type { MapEngine } from '../engine/mapEngine';
import { toMap, toScreen, type ScreenPoint } from '../geometry/viewport';
import { useHovered, type Hover } from '../interaction/hover';
import { drawingOf, focusedRobot } from '../interaction/mapState';
import type { MapControl } from '../interaction/useMapControl';
import { PlaceTooltip } from '../ui/PlaceTooltip';
import { RobotTooltip } from '../ui/RobotTooltip';
import { useNow } from '../ui/useNow';
import type { MapModel } from './useMapModel';

interface MapHoverProps {
  model: MapModel;
  engine: MapEngine;
  control: MapControl;
  hover: Hover;
  /** The map's element. */
  host: RefObject<HTMLElement | null>;
  /** The annotation that the user went to. */
  focusedAnnotation: Annotation | null;
  /** A menu takes the place of the tooltips. */
  isMenuOpen: boolean;
  timeZone: string;
}

/** All that follows the pointer: the ring around a robot, the area that is drawn, and the tooltips. */
export function MapHover(props: MapHoverProps) {
  const { model, engine, hover, control, isMenuOpen } = props;
  const { robotId, at, area } = useHovered(hover);
  const { state, selectedIds } = control;
  const hovered = robotId === null ? -1 : model.fleet.robotIds.indexOf(robotId);
  // The robot under the pointer, else the one that the user went to.
  const marked = hovered >= 0 ? hovered : focusedRobot(state, model.fleet);
  const kept = useMemo(() => drawingOf(state, selectedIds), [state, selectedIds]);
  const drawing = area ?? kept;
  useEffect(() => engine.show({ marked, drawing }), [engine, marked, drawing]);
  return isMenuOpen ? null : <Tooltips {...props} pointerAt={at} hovered={hovered} marked={marked} />;
}

interface TooltipsProps extends MapHoverProps {
  pointerAt: ScreenPoint;
  hovered: number;
  marked: number;
}

/** What is known of the place and of the robot under the pointer or in focus. */
function Tooltips(props: TooltipsProps) {
  const { model, engine, control, host, focusedAnnotation, pointerAt, hovered, marked, timeZone } = props;
  const { fleet, layers, palette, alerts } = model;
  // A robot in focus keeps driving between two answers, and its tooltip moves with it.
  useNow();
  const pinned = annotationsAt(engine.view, model.annotations, engine.painted, pointerAt);
  const focused = hovered < 0 && pinned.length === 0 ? focusedAnnotation : null;
  return (
    <>
      {(hovered < 0 || pinned.length > 0) && (
        <PlaceTooltip
          readings={focused ? [] : layers.readAt(toMap(engine.view, pointerAt))}
          annotations={focused ? [focused] : pinned}
          timeZone={timeZone}
          at={onPage(focused ? toScreen(engine.view, placeOfAnnotation(focused, engine.painted)) : pointerAt)}
        />
      )}
      {marked >= 0 && pinned.length === 0 && (hovered >= 0 || (!isFollowed(marked) && isOnMap(marked))) && (
        <RobotTooltip
          fleet={fleet}
          robot={marked}
          palette={palette}
          alerts={alerts.get(fleet.robotIds[marked] ?? '') ?? []}
          at={onPage(hovered >= 0 ? pointerAt : spotOf(marked))}
        />
      )}
    </>
  );

  /** A tooltip that goes with a robot for hours would cover the way before it. A sign names the robot already. */
  function isFollowed(robot: number): boolean {
    return control.state.followedId !== null && control.state.followedId === fleet.robotIds[robot];
  }

  /** A robot in focus that is out of sight has no tooltip, which would lie over the controls. One without a place keeps it. */
  function isOnMap(robot: number): boolean {
    const { xPx, yPx } = spotOf(robot);
    return xPx >= 0 && yPx >= 0 && xPx <= engine.view.widthPx && yPx <= engine.view.heightPx;
  }

  /** Where a robot is painted; the corner of the map for one that is not. */
  function spotOf(robot: number): ScreenPoint {
    const { xMetres, yMetres } = engine.painted;
    const spot = toScreen(engine.view, { xMetres: xMetres[robot] ?? NaN, yMetres: yMetres[robot] ?? NaN });
    return Number.isNaN(spot.xPx) ? { xPx: 0, yPx: 0 } : spot;
  }

  function onPage({ xPx, yPx }: ScreenPoint): { x: number; y: number } {
    const box = host.current?.getBoundingClientRect();
    return { x: (box?.left ?? 0) + xPx, y: (box?.top ?? 0) + yPx };
  }
}
