import { dateTimeFormat, type DataFrame } from '@grafana/data';
import { t } from '@grafana/i18n';
import type { Fleet } from '../fleet/fleet';
import { showText, UNESCAPED } from '../../grafana/showText';

/** An annotation of the dashboard that says where it belongs. */
export interface Annotation {
  xMetres: number;
  yMetres: number;
  title: string;
  text: string;
  /** Milliseconds since the epoch. */
  timeMs: number;
  /** Of a region its end, else the same. */
  endMs: number;
  /** Without those that say the place. */
  tags: string[];
  /** The robot that it is about; '' for none. */
  robotId: string;
  /** Index of the robot that it goes with; −1 for a fixed place. */
  robot: number;
  /** CSS colour from the annotation query; '' for none. */
  colour: string;
}

const PLACE_TAG = /^(x|y|map|robot)\s*:/;

/**
 * The annotations that carry a place on the shown floor: fields `x` and `y` (and `map_id`) or `robot_id`, or, where the
 * source allows no fields of its own, tags `x:12.3`, `y:4.5`, `map:hall` or `robot:amr-7`. The others are passed over:
 * a dashboard has annotations that are not about the floor.
 * @param isPlaced 1 where a robot of the fleet has a place on the shown floor
 * @param mapId null shows those of every floor
 */
export function readAnnotations(
  frames: readonly DataFrame[],
  fleet: Fleet,
  isPlaced: Uint8Array,
  mapId: string | null
): Annotation[] {
  return frames.flatMap((frame) =>
    Array.from({ length: frame.length }, (_, row) => annotationOf(frame, row, fleet, isPlaced, mapId)).filter(
      (annotation) => annotation !== null
    )
  );
}

function annotationOf(
  frame: DataFrame,
  row: number,
  fleet: Fleet,
  isPlaced: Uint8Array,
  mapId: string | null
): Annotation | null {
  const cell = (name: string): unknown => frame.fields.find((field) => field.name === name)?.values[row];
  const tags = tagsOf(cell('tags'));
  const said = (field: string, tag: string): string => {
    const own = cell(field);
    return own === null || own === undefined || own === '' ? (tags.get(tag) ?? '') : String(own);
  };
  const [x, y, map, robotId] = [said('x', 'x'), said('y', 'y'), said('map_id', 'map'), said('robot_id', 'robot')];
  const isFixed = x !== '' && y !== '';
  const robot = isFixed || robotId === '' ? -1 : fleet.robotIds.indexOf(robotId);
  if (!isFixed && isPlaced[robot] !== 1) return null;
  const [xMetres, yMetres] = isFixed ? [Number(x), Number(y)] : [fleet.xMetres[robot], fleet.yMetres[robot]];
  if (!Number.isFinite(xMetres) || !Number.isFinite(yMetres)) return null;
  if (isFixed && mapId !== null && map !== '' && map !== mapId) return null;
  const timeMs = Number(cell('time') ?? NaN);
  return {
    xMetres: xMetres ?? NaN,
    yMetres: yMetres ?? NaN,
    title: textOf(cell('title')),
    text: textOf(cell('text')),
    timeMs,
    endMs: Math.max(timeMs, Number(cell('timeEnd')) || timeMs),
    tags: tagList(cell('tags')).filter((tag) => !PLACE_TAG.test(tag)),
    robotId,
    robot,
    colour: textOf(cell('color')),
  };
}

/** When it happened; a region from its start to its end. */
export function timeOfAnnotation({ timeMs, endMs }: Annotation, timeZone: string): string {
  const start = dateTimeFormat(timeMs, { timeZone });
  return endMs > timeMs
    ? t('map.range', '{{from}} to {{to}}', { from: start, to: dateTimeFormat(endMs, { timeZone }), ...UNESCAPED })
    : start;
}

/** All of an annotation in one line, for a screen reader. */
export function describeAnnotation(annotation: Annotation, timeZone: string): string {
  const said = [
    annotation.title,
    annotation.text,
    showText(annotation.robotId),
    timeOfAnnotation(annotation, timeZone),
    ...annotation.tags,
  ].filter(Boolean);
  return t('map.annotation', 'Annotation: {{text}}', { text: said.join(', '), ...UNESCAPED });
}

/** By what it says: the same annotation when it is read again. */
export function keyOfAnnotation({ timeMs, title, text, robotId, xMetres, yMetres, robot }: Annotation): string {
  return JSON.stringify([timeMs, title, text, robotId, ...(robot < 0 ? [xMetres, yMetres] : [])]);
}

/** `['x:1', 'y:2']` or `'x:1,y:2'` as a map. */
function tagsOf(tags: unknown): Map<string, string> {
  return new Map(
    tagList(tags).map((tag) => {
      const colon = tag.indexOf(':');
      return [tag.slice(0, colon).trim(), tag.slice(colon + 1).trim()];
    })
  );
}

function tagList(tags: unknown): string[] {
  const list: unknown[] = Array.isArray(tags) ? tags : typeof tags === 'string' ? tags.split(',') : [];
  return list.map((tag) => String(tag).trim()).filter(Boolean);
}

/** Grafana allows HTML in annotations; a tooltip shows its words. */
function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return new DOMParser().parseFromString(String(value), 'text/html').body.textContent ?? '';
}
