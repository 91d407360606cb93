/** The size of the drawing that the path is for; the picture is stretched to its tile. */
export const SPARKLINE = { width: 100, height: 24 } as const;

/**
 * The path of a line through the points of both series, on one scale from 0 (or the lowest value) to the highest. A gap is a gap; a
 * single point is a short line.
 * @param all the values that the scale must hold
 */
export function sparklinePath(points: ReadonlyArray<number | null>, all: ReadonlyArray<number | null>): string {
  const known = all.filter((one) => one !== null);
  const low = Math.min(0, ...known);
  const high = Math.max(...known, low + 1e-9);
  const step = SPARKLINE.width / Math.max(1, points.length - 1);
  const x = (at: number) => round(at * step);
  const y = (value: number) => round(1 + (SPARKLINE.height - 2) * (1 - (value - low) / (high - low)));
  return points
    .map((value, at) => {
      if (value === null) return '';
      const isStart = (points[at - 1] ?? null) === null;
      const isAlone = isStart && (points[at + 1] ?? null) === null;
      return `${isStart ? 'M' : 'L'}${x(at)} ${y(value)}${isAlone ? 'h1' : ''}`;
    })
    .join('');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
