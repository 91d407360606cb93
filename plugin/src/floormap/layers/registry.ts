import { alertHalosLayer } from './alertHalosLayer';
import { annotationsLayer } from './annotationsLayer';
import { drawingLayer } from './drawingLayer';
import { heatmapLayer } from './heatmapLayer';
import type { MapLayer } from './mapLayer';
import { namesLayer } from './namesLayer';
import { planLayer } from './planLayer';
import { ringsLayer } from './ringsLayer';
import { robotMarksLayer } from './robotMarksLayer';
import { scaleBarLayer } from './scaleBarLayer';
import { zonesLayer } from './zonesLayer';

/**
 * The layers of the map, the lowest first within each canvas. Trails and markers are not among them: a large fleet takes
 * several frames to paint, so the engine has canvases of its own for both.
 */
export const MAP_LAYERS: readonly MapLayer[] = [
  planLayer,
  heatmapLayer,
  zonesLayer,
  alertHalosLayer,
  robotMarksLayer,
  namesLayer,
  ringsLayer,
  annotationsLayer,
  drawingLayer,
  scaleBarLayer,
];
