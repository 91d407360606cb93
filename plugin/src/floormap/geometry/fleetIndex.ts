import type { Fleet } from '../fleet/fleet';

/** For each robot of the next fleet its index in the previous one; −1 for a robot that was not there. */
export function indexInPrevious(previous: Fleet | null, next: Fleet): (i: number) => number {
  if (!previous) return () => -1;
  const isSameOrder =
    previous.count === next.count && previous.robotIds.every((robotId, i) => robotId === next.robotIds[i]);
  if (isSameOrder) return (i) => i;
  const indexById = new Map(previous.robotIds.map((robotId, i) => [robotId, i]));
  return (i) => indexById.get(next.robotIds[i] ?? '') ?? -1;
}
