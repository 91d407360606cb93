import type { MapShape } from '@floorwatch/floorplan/map-shape';
import type { MapPoint, PlanGeometry } from '@floorwatch/floorplan/transform';
import type { Annotation } from '../annotations/readAnnotations';
import type { Palette } from './palette';

/** A plan that can be painted: its picture, already in the theme's colours, and where it lies. */
export interface DrawablePlan {
  picture: CanvasImageSource;
  geometry: PlanGeometry;
}

/** A square of the map with one pixel per cell, north up. */
export interface HeatTile {
  picture: HTMLCanvasElement;
  minXMetres: number;
  maxYMetres: number;
  sideMetres: number;
}

/** A heatmap as the painter takes it. */
export interface HeatPicture {
  tiles: HeatTile[];
  /** 0 to 1. */
  opacity: number;
}

/** What the user draws: an area that selects, or a line that is measured. */
export interface Drawing {
  kind: 'area' | 'line';
  points: readonly MapPoint[];
}

/** Everything that the map shows but its robots. Parts are replaced, never changed in place. */
export interface Scene {
  palette: Palette;
  plan: DrawablePlan | null;
  heat: readonly HeatPicture[];
  /** Zones, lanes and stations. */
  shapes: readonly MapShape[];
  /** Robots in each shape, by its index. */
  robotsInShapes: Uint32Array;
  /** Robots that an alert fires for. */
  alertingIds: ReadonlySet<string>;
  selectedIds: ReadonlySet<string>;
  /** Index of the robot under the pointer or in focus; −1 for none. */
  marked: number;
  drawing: Drawing | null;
  annotations: readonly Annotation[];
  /** The annotation that the user went to. */
  focusedAnnotation: Annotation | null;
}

export function emptyScene(palette: Palette): Scene {
  return {
    palette,
    plan: null,
    heat: [],
    shapes: [],
    robotsInShapes: new Uint32Array(0),
    alertingIds: new Set(),
    selectedIds: new Set(),
    marked: -1,
    drawing: null,
    annotations: [],
    focusedAnnotation: null,
  };
}
