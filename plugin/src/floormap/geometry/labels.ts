/** A line of text on screen: the middle of its baseline, and its size. */
export interface Label {
  text: string;
  xPx: number;
  yPx: number;
  /** Lower comes first. */
  priority: number;
}

/** Height of a label and mean width of its letters at the map's font of 11 px. */
const HEIGHT_PX = 14;
const LETTER_PX = 6.4;

/** Where a marker is drawn: its middle. */
export interface MarkerSpot {
  xPx: number;
  yPx: number;
}

/**
 * The labels that can be drawn without covering one another or a marker: by priority, in the given order within one.
 * @param limit no more than this many
 * @param markers what must stay in sight, `markerPx` in diameter
 */
export function uncoveredLabels<Kind extends Label>(
  labels: readonly Kind[],
  limit: number,
  markers: readonly MarkerSpot[] = [],
  markerPx = 0
): Kind[] {
  const kept: Kind[] = [];
  for (const label of labels.toSorted((a, b) => a.priority - b.priority)) {
    if (kept.length >= limit) break;
    if (kept.some((other) => overlap(label, other))) continue;
    // The selected robot's own name matters more than its neighbour's marker.
    if (label.priority >= 0 && markers.some((marker) => covers(label, marker, markerPx))) continue;
    kept.push(label);
  }
  return kept;
}

/** Letters reach from the baseline up; a touch of the marker's edge is no cover. */
function covers(label: Label, { xPx, yPx }: MarkerSpot, markerPx: number): boolean {
  const reachX = (label.text.length * LETTER_PX) / 2 + markerPx / 4;
  const middleY = label.yPx - HEIGHT_PX / 3;
  return Math.abs(label.xPx - xPx) < reachX && Math.abs(middleY - yPx) < HEIGHT_PX / 3 + markerPx / 4;
}

function overlap(a: Label, b: Label): boolean {
  const reachX = ((a.text.length + b.text.length) * LETTER_PX) / 2;
  return Math.abs(a.xPx - b.xPx) < reachX && Math.abs(a.yPx - b.yPx) < HEIGHT_PX;
}
