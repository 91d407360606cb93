import { uncoveredLabels, type Label } from '../geometry/labels';
import { drawableShapes } from './drawableShapes';
import type { MapLayer } from './mapLayer';
import { MAX_LABELS, robotLabels } from './robotLabels';
import { namesToDraw, type Surroundings } from './shapeNames';

const ROBOT_FONT = '11px Inter, Helvetica, Arial, sans-serif';
const SHAPE_FONT = '600 11px Inter, Helvetica, Arial, sans-serif';
/** Up to as many selected robots, their names come before those of zones. */
const FEW_SELECTED = 5;

/** Names of zones, lanes and stations, and the labels of robots: one layer, because they compete for the room. */
export const namesLayer: MapLayer = {
  name: 'names',
  canvas: 'robots',
  // The names of selected robots come first.
  shows: ['shapes', 'robotsInShapes', 'selectedIds'],
  create: () => {
    const lastPlaces: Surroundings['lastPlaces'] = new WeakMap();
    return (pen, frame) => {
      const { view, markerPx } = frame;
      const { shapes, robotsInShapes, selectedIds, palette } = frame.scene;
      const { labels, markers } = robotLabels(frame, Date.now());
      // The names of a few selected robots come before zone names; those of many do not.
      const picked = selectedIds.size <= FEW_SELECTED ? labels.filter(({ priority }) => priority < 0) : [];
      const surroundings = { labels: picked, markers, markerPx, lastPlaces };
      const names = namesToDraw(view, drawableShapes(shapes), robotsInShapes, palette, surroundings);
      Object.assign(pen, { textAlign: 'center', lineWidth: 3, lineJoin: 'round', strokeStyle: palette.textHalo });
      pen.font = SHAPE_FONT;
      for (const name of names) write(pen, name, name.colour);
      pen.font = ROBOT_FONT;
      for (const label of uncoveredLabels(labels, MAX_LABELS, { texts: names, markers, markerPx })) {
        write(pen, label, palette.text);
      }
    };
  },
};

/** With a halo, so that it is read on robots and on walls. */
function write(pen: CanvasRenderingContext2D, { text, xPx, yPx }: Label, colour: string): void {
  pen.strokeText(text, xPx, yPx);
  pen.fillStyle = colour;
  pen.fillText(text, xPx, yPx);
}
