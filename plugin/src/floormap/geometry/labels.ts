/** A line of text on screen: the middle of its baseline, and its size. */
export interface Label {
  text: string;
  xPx: number;
  yPx: number;
  /** Lower comes first. */
  priority: number;
  /** Another place for the baseline, where the first one would cover something. */
  yOtherPx?: number;
}

/** Height of a label and mean width of its letters at the map's font of 11 px. */
export const LABEL_HEIGHT_PX = 14;
export const LETTER_PX = 6.5;

/** Where a marker is drawn: its middle. */
export interface MarkerSpot {
  xPx: number;
  yPx: number;
}

/** More letters than this are cut out of the middle: ids of one fleet differ at their end. */
const MOST_LETTERS = 28;

/** A text as short as a map can bear: 'warehouse-eu-…-robot-0007'. */
export function shorten(text: string): string {
  const letters = Array.from(text);
  if (letters.length <= MOST_LETTERS) return text;
  const half = (MOST_LETTERS - 1) / 2;
  return `${letters.slice(0, Math.floor(half)).join('')}…${letters.slice(-Math.ceil(half)).join('')}`;
}

/** What stands on the map already. */
interface Occupied {
  /** Texts that no label may cover. */
  texts?: readonly Label[];
  /** Middles of markers that must stay in sight, `markerPx` in diameter. */
  markers?: readonly MarkerSpot[];
  markerPx?: number;
}

/**
 * The labels that can be drawn without covering one another, a text or a marker: by priority, in the given order within one.
 * @param limit no more than this many
 */
export function uncoveredLabels<Kind extends Label>(
  labels: readonly Kind[],
  limit: number,
  { texts = [], markers = [], markerPx = 0 }: Occupied = {}
): Kind[] {
  const kept: Kind[] = [];
  const isFree = (place: Kind) =>
    !texts.some((text) => overlap(place, text)) &&
    !kept.some((other) => overlap(place, other)) &&
    // The selected robot's own name matters more than its neighbour's marker.
    (place.priority < 0 || !markers.some((marker) => covers(place, marker, markerPx)));
  for (const label of labels.toSorted((a, b) => a.priority - b.priority)) {
    if (kept.length >= limit) break;
    const other = { ...label, yPx: label.yOtherPx ?? label.yPx };
    const place = [label, other].find(isFree);
    if (place) kept.push(place);
  }
  return kept;
}

/** Letters reach from the baseline up; a touch of the marker's edge is no cover. */
export function covers(label: Label, { xPx, yPx }: MarkerSpot, markerPx: number): boolean {
  const reachX = (label.text.length * LETTER_PX) / 2 + markerPx / 4;
  const middleY = label.yPx - LABEL_HEIGHT_PX / 3;
  return Math.abs(label.xPx - xPx) < reachX && Math.abs(middleY - yPx) < LABEL_HEIGHT_PX / 3 + markerPx / 4;
}

export function overlap(a: Label, b: Label): boolean {
  const reachX = ((a.text.length + b.text.length) * LETTER_PX) / 2;
  return Math.abs(a.xPx - b.xPx) < reachX && Math.abs(a.yPx - b.yPx) < LABEL_HEIGHT_PX;
}
