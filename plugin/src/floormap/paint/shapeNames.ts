import type { MapShape } from '@floorwatch/ingestor/plans/map-shape';
import { uncoveredLabels, type Label } from '../geometry/labels';
import { toScreen, type Viewport } from '../geometry/viewport';
import type { Palette } from './palette';
import { colourOfKind, STATION_PX, type DrawableShape } from './zoneLayer';

const FONT = '600 11px Inter, Helvetica, Arial, sans-serif';
/** Width of a letter in this font, for judging whether a name fits. */
const LETTER_PX = 6.5;
/** A station's name stands under it, and needs this much room to the next one. */
const STATION_ROOM_PX = 24;
/** More names than this are noise, and each costs as much as thirty markers. */
const MAX_NAMES = 80;
/** Names that compete for the room; those of more shapes would take longer to sort out than to read. */
const MAX_CANDIDATES = 300;
/** Which name gives way where two would cover one another: that of the larger number. */
const PRIORITY: Record<MapShape['type'], number> = { zone: 0, station: 1, lane: 2 };

interface ShapeName extends Label {
  colour: string;
}

/**
 * Names with the number of robots there, where they fit.
 * @param robotsIn robots in each shape, by its index
 */
export function drawShapeNames(
  pen: CanvasRenderingContext2D,
  view: Viewport,
  shapes: readonly DrawableShape[],
  robotsIn: Uint32Array,
  palette: Palette
): void {
  pen.save();
  Object.assign(pen, { font: FONT, textAlign: 'center', textBaseline: 'middle', lineWidth: 3, lineJoin: 'round' });
  pen.strokeStyle = palette.textHalo;
  for (const { text, xPx, yPx, colour } of namesToDraw(view, shapes, robotsIn, palette)) {
    pen.strokeText(text, xPx, yPx);
    pen.fillStyle = colour;
    pen.fillText(text, xPx, yPx);
  }
  pen.restore();
}

/** The names that fit their shapes and cover no other name, zones first: they say which place is full. */
export function namesToDraw(
  view: Viewport,
  shapes: readonly DrawableShape[],
  robotsIn: Uint32Array,
  palette: Palette
): ShapeName[] {
  const names: ShapeName[] = [];
  for (const [k, { shape, labelAt, spanMetres, isNamed }] of shapes.entries()) {
    if (!isNamed) continue;
    const { type, name } = shape;
    const robots = robotsIn[k] ?? 0;
    const text = robots > 0 ? `${name} · ${robots}` : name;
    const roomPx = Math.max(text.length * LETTER_PX, type === 'station' ? STATION_ROOM_PX : 0);
    if (roomPx > spanMetres * view.pxPerMetre) continue;
    const { xPx, yPx } = toScreen(view, labelAt);
    if (!(xPx > 0 && yPx > 0 && xPx < view.widthPx && yPx < view.heightPx)) continue;
    const belowPx = type === 'zone' ? 0 : STATION_PX + 5;
    const colour = type === 'zone' ? colourOfKind(shape.kind, palette) : palette.text;
    if (names.length === MAX_CANDIDATES) break;
    names.push({ text, xPx, yPx: yPx + belowPx, priority: PRIORITY[type], colour });
  }
  return uncoveredLabels(names, MAX_NAMES);
}
