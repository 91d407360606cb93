import type { MapShape, Zone } from '@floorwatch/floorplan/map-shape';
import type { MapPoint } from '@floorwatch/floorplan/transform';
import { keyOfAnnotation, type Annotation } from '../annotations/readAnnotations';
import type { Fleet } from '../fleet/fleet';
import type { Placement } from '../fleet/placement';
import type { Status } from '../fleet/status';
import type { Bounds, Viewport } from '../geometry/viewport';
import type { Drawing } from '../paint/scene';

/** What dragging does: move the map, draw a lasso, or nothing while clicks measure. */
export type Tool = 'move' | 'lasso' | 'measure';

/** What the user has done to the map. `transition` alone makes another one of it. */
export interface MapState {
  tool: Tool;
  /** The points of the line that is measured; none while nothing is. */
  measured: readonly MapPoint[];
  /** What the user went to. A refresh reads annotations again: the key identifies one. */
  focus: { kind: 'robot'; robotId: string } | { kind: 'annotation'; key: string } | null;
  /** The robot that the map keeps in its middle, from floor to floor. */
  followedId: string | null;
  /** The zone selected last, with the robots that were selected by it. */
  zone: { zone: Zone; robotIds: readonly string[] } | null;
  /** The selection of a map without a dashboard variable, see `selectionOf`. */
  selectedIds: readonly string[];
  /** The dashboard variable holds fewer robots than the user selected. */
  isSelectionCut: boolean;
  /** Too many robots for an address: the selection stays on this map. */
  isSelectionLong: boolean;
  isFinding: boolean;
  /** The list of keys is open. */
  isListingKeys: boolean;
  /** What a screen reader says. */
  spoken: string;
}

export const INITIAL_STATE: MapState = {
  tool: 'move',
  measured: [],
  focus: null,
  followedId: null,
  zone: null,
  selectedIds: [],
  isSelectionCut: false,
  isSelectionLong: false,
  isFinding: false,
  isListingKeys: false,
  spoken: '',
};

/** What there is when something happens: the transition reads it, and never changes it. */
export interface World {
  fleet: Fleet;
  placement: Placement;
  /** 1 where the robot is drawn: placed on this floor and not hidden by the legend. */
  isShown: Uint8Array;
  hidden: ReadonlySet<Status>;
  /** Where the robots are painted, by index into the fleet. */
  painted: { fleet: { robotIds: readonly string[] }; xMetres: Float64Array; yMetres: Float64Array };
  shapes: readonly MapShape[];
  /** Those on screen, in the order in which they are gone through. */
  annotations: readonly Annotation[];
  view: Viewport;
  /** The floor on screen. */
  mapId: string | null;
  /** False where the panel's options have fixed the floor. */
  canChangeFloor: boolean;
  /** The robots in the dashboard variable; null where none holds the selection. */
  variableIds: readonly string[] | null;
  /** As many robots as the selection can hold. */
  mostSelected: number;
  /** False for robots that are too many for an address. */
  fitsAddress: (robotIds: readonly string[]) => boolean;
  timeZone: string;
  nowMs: number;
}

/** What happened. Robots are indices into the fleet; −1 is the empty floor. Directions: 1 next, −1 previous. */
export type MapEvent =
  | { kind: 'click'; robot: number; at: MapPoint; adds: boolean }
  | { kind: 'pressEnter'; adds: boolean }
  | { kind: 'pick'; robot: number }
  | { kind: 'selectArea'; points: readonly MapPoint[]; adds: boolean }
  | { kind: 'selectZone'; zone: Zone }
  | { kind: 'step'; through: 'robots' | 'zones' | 'annotations'; direction: 1 | -1 }
  | { kind: 'goTo'; robot: number }
  /** They were selected outside of the map. */
  | { kind: 'arrive'; robots: readonly number[] }
  | { kind: 'find'; robot: number }
  | { kind: 'openFind'; isOpen: boolean }
  | { kind: 'listKeys'; isOpen: boolean }
  | { kind: 'follow'; robot: number | null }
  | { kind: 'toggleFollowing' }
  | { kind: 'followedLeft'; robot: number }
  | { kind: 'dragged' }
  | { kind: 'move'; view: Viewport }
  | { kind: 'zoom'; factor: number }
  | { kind: 'showBounds'; bounds: Bounds | null }
  | { kind: 'fit' }
  | { kind: 'changeFloor'; mapId: string }
  | { kind: 'changeTool'; tool: Tool }
  | { kind: 'measureFrom'; point: MapPoint }
  | { kind: 'clear' };

/** What is to be done outside of the state. */
export type Effect =
  /** Moves the view there, and keeps it. */
  | { kind: 'setView'; view: Viewport }
  /** Keeps the view that the user has moved to. */
  | { kind: 'holdView' }
  | { kind: 'fit' }
  /** Switches the floor, with this view of it; null for the one that is kept for it. */
  | { kind: 'showFloor'; mapId: string; view: Viewport | null }
  | { kind: 'setHidden'; hidden: ReadonlySet<Status> }
  | { kind: 'select'; robotIds: readonly string[] }
  /** Gives the keyboard back to the map. */
  | { kind: 'takeKeys' };

/** The selected robots: those in the dashboard variable, where one holds the selection. */
export function selectionOf(
  state: Pick<MapState, 'selectedIds' | 'isSelectionLong'>,
  { variableIds }: Pick<World, 'variableIds'>
): readonly string[] {
  if (variableIds?.length === 0 && state.isSelectionLong) return state.selectedIds;
  return variableIds ?? state.selectedIds;
}

/** Index of the robot in focus; −1 for none. */
export function focusedRobot({ focus }: MapState, fleet: Fleet): number {
  return focus?.kind === 'robot' ? fleet.robotIds.indexOf(focus.robotId) : -1;
}

/** Index of the annotation in focus; −1 for none. */
export function focusedAnnotation({ focus }: MapState, annotations: readonly Annotation[]): number {
  if (focus?.kind !== 'annotation') return -1;
  return annotations.findIndex((annotation) => keyOfAnnotation(annotation) === focus.key);
}

/** Whether the robots that were in the zone selected last are still the selected ones. */
export function isZoneSelected({ zone }: MapState, selectedIds: ReadonlySet<string>): boolean {
  return zone?.robotIds.length === selectedIds.size && zone.robotIds.every((id) => selectedIds.has(id));
}

/** What stays drawn on the map: the line that is measured, else the outline of the selected zone. */
export function drawingOf(state: MapState, selectedIds: ReadonlySet<string>): Drawing | null {
  if (state.measured.length > 0) return { kind: 'line', points: state.measured };
  return state.zone && isZoneSelected(state, selectedIds) ? { kind: 'area', points: state.zone.zone.corners } : null;
}

/** Where the keyboard is: at the robot in focus, else in the middle of the map. */
export function pointOfFocus(state: MapState, { fleet, isShown, painted, view }: World): MapPoint {
  const robot = focusedRobot(state, fleet);
  if (isShown[robot] !== 1) return { xMetres: view.centreXMetres, yMetres: view.centreYMetres };
  return { xMetres: painted.xMetres[robot] ?? NaN, yMetres: painted.yMetres[robot] ?? NaN };
}
