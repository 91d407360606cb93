import type { MapShape } from '@floorwatch/floorplan/map-shape';
import { covers, LETTER_PX, overlap, shorten, type Label, type MarkerSpot } from '../geometry/labels';
import { toScreen, type ScreenPoint, type Viewport } from '../geometry/viewport';
import { zoneNamePlaces } from '../geometry/zoneNamePlaces';
import type { Palette } from '../paint/palette';
import type { DrawableShape } from './drawableShapes';
import { colourOfKind, STATION_PX } from './zonesLayer';

/** From the middle of a letter of 11 px to its baseline. */
const BASELINE_PX = 4;
/** A station's name stands under it, and needs this much room to the next one. */
const STATION_ROOM_PX = 24;
/** More names than this are noise, and each costs as much as thirty markers. */
const MAX_NAMES = 80;
/** Names that compete for the room; those of more shapes would take longer to sort out than to read. */
const MAX_CANDIDATES = 300;
/** Which name gives way where two would cover one another: that of the larger number. */
const PRIORITY: Record<MapShape['type'], number> = { zone: 0, station: 1, lane: 2 };

export interface ShapeName extends Label {
  colour: string;
}

/** What the names of shapes keep off. */
export interface Surroundings {
  /** Labels that matter more: those of selected robots. */
  labels: readonly Label[];
  markers: readonly MarkerSpot[];
  markerPx: number;
  /** Which of its places a zone's name had last: it stays there until a robot stands on it, and does not hop about. */
  lastPlaces: WeakMap<DrawableShape, number>;
}

/**
 * The names that fit their shapes and cover no other name, zones first: they say which place is full.
 * @param robotsIn robots in each shape, by its index
 */
export function namesToDraw(
  view: Viewport,
  shapes: readonly DrawableShape[],
  robotsIn: Uint32Array,
  palette: Palette,
  surroundings: Surroundings
): ShapeName[] {
  const kept: ShapeName[] = [];
  for (const { drawable, text } of candidates(view, shapes, robotsIn)) {
    if (kept.length === MAX_NAMES) break;
    const { type, kind } = drawable.shape;
    const colour = type === 'zone' ? colourOfKind(kind, palette) : palette.text;
    const places = placesOf(view, drawable, text).map(({ xPx, yPx }) => {
      return { text, xPx, yPx: yPx + BASELINE_PX, priority: PRIORITY[type], colour };
    });
    const name = choosePlace(view, drawable, places, kept, surroundings);
    if (name) kept.push(name);
  }
  return kept;
}

interface Candidate {
  drawable: DrawableShape;
  text: string;
}

/** What can be written on the shapes in sight, in the order in which they take their places. */
function candidates(view: Viewport, shapes: readonly DrawableShape[], robotsIn: Uint32Array): Candidate[] {
  const found: Candidate[] = [];
  for (const [k, drawable] of shapes.entries()) {
    if (!drawable.isNamed) continue;
    const text = textOf(drawable.shape, robotsIn[k] ?? 0);
    const roomPx = Math.max(text.length * LETTER_PX, drawable.shape.type === 'station' ? STATION_ROOM_PX : 0);
    if (text === '' || roomPx > drawable.spanMetres * view.pxPerMetre) continue;
    // A zone that is only partly in sight is named there.
    const reachPx = drawable.shape.type === 'zone' ? drawable.spanMetres * view.pxPerMetre : 0;
    if (!isOnScreen(view, toScreen(view, drawable.labelAt), reachPx)) continue;
    if (found.push({ drawable, text }) === MAX_CANDIDATES) break;
  }
  return found.sort((a, b) => PRIORITY[a.drawable.shape.type] - PRIORITY[b.drawable.shape.type]);
}

/** A name with the number of robots there. A zone without a name says the number alone, other shapes say nothing then. */
function textOf({ type, name }: MapShape, robots: number): string {
  if (name !== '') return robots > 0 ? `${shorten(name)} · ${robots}` : shorten(name);
  if (type !== 'zone' || robots === 0) return '';
  return robots === 1 ? '1 robot' : `${robots} robots`;
}

function placesOf(view: Viewport, { shape, labelAt }: DrawableShape, text: string): ScreenPoint[] {
  if (shape.type === 'zone') return zoneNamePlaces(view, shape.corners, text.length * LETTER_PX);
  const { xPx, yPx } = toScreen(view, labelAt);
  return [{ xPx, yPx: yPx + STATION_PX + 5 }];
}

/** The last place while no robot stands on it, else the first free one, else the last place again. */
function choosePlace(
  view: Viewport,
  drawable: DrawableShape,
  places: readonly ShapeName[],
  kept: readonly ShapeName[],
  { labels, markers, markerPx, lastPlaces }: Surroundings
): ShapeName | undefined {
  const isTaken = (place: ShapeName) =>
    !isOnScreen(view, place) || [...kept, ...labels].some((other) => overlap(place, other));
  const isFree = (place: ShapeName | undefined) =>
    place !== undefined && !isTaken(place) && !markers.some((marker) => covers(place, marker, markerPx));
  const last = lastPlaces.get(drawable) ?? 0;
  if (isFree(places[last])) return places[last];
  const free = places.findIndex(isFree);
  if (free >= 0) {
    lastPlaces.set(drawable, free);
    return places[free];
  }
  return [places[last], ...places].find((place) => place !== undefined && !isTaken(place));
}

function isOnScreen({ widthPx, heightPx }: Viewport, { xPx, yPx }: ScreenPoint, reachPx = 0): boolean {
  return xPx > -reachPx && yPx > -reachPx && xPx < widthPx + reachPx && yPx < heightPx + reachPx;
}
