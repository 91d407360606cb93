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

/**
 * The labels that can be drawn without covering one another: by priority, and in the given order within one.
 * @param limit no more than this many
 */
export function uncoveredLabels(labels: readonly Label[], limit: number): Label[] {
  const kept: Label[] = [];
  for (const label of labels.toSorted((a, b) => a.priority - b.priority)) {
    if (kept.length >= limit) break;
    if (!kept.some((other) => overlap(label, other))) kept.push(label);
  }
  return kept;
}

function overlap(a: Label, b: Label): boolean {
  const reachX = ((a.text.length + b.text.length) * LETTER_PX) / 2;
  return Math.abs(a.xPx - b.xPx) < reachX && Math.abs(a.yPx - b.yPx) < HEIGHT_PX;
}
