import React, { type RefObject } from 'react';
import { toMap, toScreen, type ScreenPoint } from '../geometry/viewport';
import { placeOfAnnotation } from '../annotations/annotationsAt';
import type { Annotation } from '../annotations/readAnnotations';
import type { MapEngine } from '../engine/mapEngine';
import type { MapModel } from './useMapModel';
import { PlaceTooltip } from '../ui/PlaceTooltip';
import { RobotTooltip } from '../ui/RobotTooltip';
import { useNow } from '../ui/useNow';

interface MapTooltipsProps {
  model: MapModel;
  engine: MapEngine;
  /** The map's element. */
  host: RefObject<HTMLElement | null>;
  pointerAt: ScreenPoint;
  /** Robot under the pointer; −1 for none. */
  hovered: number;
  /** That one, else the one that the user went to; −1 for none. */
  marked: number;
  /** Annotations under the pointer. */
  pinned: readonly Annotation[];
  /** The annotation that the user went to, while nothing is under the pointer. */
  focusedAnnotation: Annotation | null;
  timeZone: string;
}

/** What is known of the place and of the robot under the pointer or in focus. */
export function MapTooltips(props: MapTooltipsProps) {
  const { model, engine, host, pointerAt, hovered, marked, pinned, focusedAnnotation, timeZone } = props;
  const { fleet, layers, palette, alerts } = model;
  // The robot that somebody went to drives on between two answers, and what is said of it goes along.
  useNow();
  return (
    <>
      {(hovered < 0 || pinned.length > 0) && (
        <PlaceTooltip
          readings={focusedAnnotation ? [] : layers.readAt(toMap(engine.view, pointerAt))}
          annotations={focusedAnnotation ? [focusedAnnotation] : pinned}
          timeZone={timeZone}
          at={onPage(
            focusedAnnotation ? toScreen(engine.view, placeOfAnnotation(focusedAnnotation, engine.painted)) : pointerAt
          )}
        />
      )}
      {marked >= 0 && pinned.length === 0 && (
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
