import type { MapPoint } from '@floorwatch/floorplan/transform';
import { toScreen, type ScreenPoint, type Viewport } from '../geometry/viewport';
import type { Annotation } from './readAnnotations';

/** Height of an annotation's pin above its place. */
export const PIN_PX = 18;
/** Of its head, so that the robot at its point can be reached as well. */
const HEAD_PX = { above: 0.64 * PIN_PX, reach: 9 };

/** Robots with the places at which they are painted. */
export interface Painted {
  fleet: { robotIds: readonly string[] };
  xMetres: Float64Array;
  yMetres: Float64Array;
}

/** An annotation goes with its robot, which glides between two answers of the query. */
export function placeOfAnnotation(annotation: Annotation, { fleet, xMetres, yMetres }: Painted): MapPoint {
  if (annotation.robot < 0 || fleet.robotIds[annotation.robot] !== annotation.robotId) return annotation;
  return {
    xMetres: xMetres[annotation.robot] ?? annotation.xMetres,
    yMetres: yMetres[annotation.robot] ?? annotation.yMetres,
  };
}

/** The annotations under a screen point: of several at one place all are meant. */
export function annotationsAt(
  view: Viewport,
  annotations: readonly Annotation[],
  painted: Painted,
  { xPx, yPx }: ScreenPoint
): Annotation[] {
  return annotations.filter((annotation) => {
    const place = toScreen(view, placeOfAnnotation(annotation, painted));
    return Math.hypot(place.xPx - xPx, place.yPx - HEAD_PX.above - yPx) <= HEAD_PX.reach;
  });
}
