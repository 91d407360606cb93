import { useSyncExternalStore } from 'react';
import type { ScreenPoint } from '../geometry/viewport';
import type { Drawing } from '../paint/scene';

/** Where the pointer is while it is not over the map, or drags. */
export const NOWHERE: ScreenPoint = { xPx: NaN, yPx: NaN };

interface Hovered {
  /** The robot under the pointer; null for none. */
  robotId: string | null;
  at: ScreenPoint;
  /** The area that the pointer draws; null while it draws none. */
  area: Drawing | null;
}

/**
 * What the pointer is over, and what it draws. Both change with each move of the pointer, so they are no state of a
 * component: only those that show them are rendered for a move.
 */
export class Hover {
  #hovered: Hovered = { robotId: null, at: NOWHERE, area: null };
  readonly #listeners = new Set<() => void>();

  readonly current = (): Hovered => this.#hovered;

  readonly listen = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  change(part: Partial<Hovered>): void {
    const keys = Object.keys(part) as Array<keyof Hovered>;
    if (keys.every((key) => part[key] === this.#hovered[key])) return;
    this.#hovered = { ...this.#hovered, ...part };
    for (const listener of this.#listeners) listener();
  }
}

export function useHovered(hover: Hover): Hovered {
  return useSyncExternalStore(hover.listen, hover.current);
}
