import type { Fleet } from '../fleet/fleet';

/** The robot that a typed text means: its id exactly, else the first that begins with it, else that contains it; −1. */
export function findRobot(fleet: Fleet, typed: string): number {
  const text = typed.trim().toLowerCase();
  if (text === '') return -1;
  const ids = fleet.robotIds.map((robotId) => robotId.toLowerCase());
  for (const fits of [
    (id: string) => id === text,
    (id: string) => id.startsWith(text),
    (id: string) => id.includes(text),
  ]) {
    const found = ids.findIndex(fits);
    if (found >= 0) return found;
  }
  return -1;
}
