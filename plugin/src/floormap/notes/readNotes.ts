import type { DataFrame } from '@grafana/data';
import type { Fleet } from '../fleet/fleet';

/** An annotation of the dashboard that says where it belongs. */
export interface Note {
  xMetres: number;
  yMetres: number;
  title: string;
  text: string;
  /** Milliseconds since the epoch. */
  timeMs: number;
  /** The robot that it is about, which also is its place; '' for a fixed place. */
  robotId: string;
  /** CSS colour from the annotation query; '' for none. */
  colour: string;
}

/**
 * The annotations that carry a place on the shown floor: fields `x` and `y` (and `map_id`) or `robot_id`, or, where the
 * source allows no fields of its own, tags `x:12.3`, `y:4.5`, `map:hall` or `robot:amr-7`. The others are passed over:
 * a dashboard has annotations that are not about the floor.
 * @param mapId null shows those of every floor
 */
export function readNotes(frames: readonly DataFrame[], fleet: Fleet, mapId: string | null): Note[] {
  return frames.flatMap((frame) =>
    Array.from({ length: frame.length }, (_, row) => noteOf(frame, row, fleet, mapId)).filter((note) => note !== null)
  );
}

function noteOf(frame: DataFrame, row: number, fleet: Fleet, mapId: string | null): Note | null {
  const cell = (name: string): unknown => frame.fields.find((field) => field.name === name)?.values[row];
  const tags = tagsOf(cell('tags'));
  const said = (field: string, tag: string): string => {
    const own = cell(field);
    return own === null || own === undefined || own === '' ? (tags.get(tag) ?? '') : String(own);
  };
  const [x, y, map, robotId] = [said('x', 'x'), said('y', 'y'), said('map_id', 'map'), said('robot_id', 'robot')];
  const place = x !== '' && y !== '' ? { x: Number(x), y: Number(y), map, robotId } : placeOfRobot(fleet, robotId);
  if (!place || !Number.isFinite(place.x) || !Number.isFinite(place.y)) return null;
  if (mapId !== null && place.map !== '' && place.map !== mapId) return null;
  return {
    xMetres: place.x,
    yMetres: place.y,
    title: textOf(cell('title')),
    text: textOf(cell('text')),
    timeMs: Number(cell('time') ?? NaN),
    robotId: place.robotId,
    colour: textOf(cell('color')),
  };
}

function placeOfRobot(fleet: Fleet, robotId: string) {
  const i = robotId === '' ? -1 : fleet.robotIds.indexOf(robotId);
  if (i < 0) return null;
  return { x: fleet.xMetres[i] ?? NaN, y: fleet.yMetres[i] ?? NaN, map: fleet.mapIds[i] ?? '', robotId };
}

/** `['x:1', 'y:2']` or `'x:1,y:2'` as a map. */
function tagsOf(tags: unknown): Map<string, string> {
  const list: unknown[] = Array.isArray(tags) ? tags : typeof tags === 'string' ? tags.split(',') : [];
  return new Map(
    list.map((tag) => {
      const text = String(tag).trim();
      const colon = text.indexOf(':');
      return [text.slice(0, colon).trim(), text.slice(colon + 1).trim()];
    })
  );
}

/** Grafana allows HTML in annotations; a tooltip shows its words. */
function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return new DOMParser().parseFromString(String(value), 'text/html').body.textContent ?? '';
}
