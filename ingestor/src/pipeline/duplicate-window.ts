import { keyedHashOfWords } from '../rows/keyed-hash.ts';
import type { EventIdentity } from '../rows/event-identity.ts';

/** Identities in insertion order, found by open addressing with linear probing. They are never removed from a generation. */
interface Generation {
  /** Four 32-bit words per identity. */
  words: Int32Array;
  /** Index of an identity plus 1; 0 is a free slot. */
  slots: Uint32Array;
  count: number;
}

/**
 * The identities of the last events, so that a producer's duplicate is dropped before it becomes a row.
 * It contains at least the last `capacity` events and at most twice as many, in two generations: when the younger one is full,
 * the older one is dropped. It needs about 50 bytes per event of `capacity`.
 */
export class DuplicateWindow {
  readonly #capacity: number;
  readonly #mask: number;
  #young: Generation;
  #old: Generation;

  /** @param capacity in events; 0 disables the window */
  constructor(capacity: number) {
    this.#capacity = capacity;
    const slots = 2 ** Math.ceil(Math.log2(Math.max(2, capacity * 2)));
    this.#mask = slots - 1;
    const generation = (): Generation => ({
      words: new Int32Array(capacity * 4),
      slots: new Uint32Array(slots),
      count: 0,
    });
    this.#young = generation();
    this.#old = generation();
  }

  get size(): number {
    return this.#young.count + this.#old.count;
  }

  /** Remembers the event; true if the window already contained it. */
  sees({ a, b, c, d }: EventIdentity): boolean {
    if (this.#capacity === 0) return false;
    const hash = keyedHashOfWords(a, b, c, d);
    if (this.#find(this.#old, hash, a, b, c, d) >= 0) return true;
    const slot = this.#find(this.#young, hash, a, b, c, d);
    if (slot >= 0) return true;
    this.#insert(~slot, hash, a, b, c, d);
    return false;
  }

  /** The slot of the event, or the complement of the free slot for it. */
  #find({ words, slots }: Generation, hash: number, a: number, b: number, c: number, d: number): number {
    let slot = hash & this.#mask;
    for (let id = slots[slot] ?? 0; id !== 0; id = slots[slot] ?? 0) {
      const at = (id - 1) * 4;
      if (words[at] === a && words[at + 1] === b && words[at + 2] === c && words[at + 3] === d) return slot;
      slot = (slot + 1) & this.#mask;
    }
    return ~slot;
  }

  #insert(freeSlot: number, hash: number, a: number, b: number, c: number, d: number): void {
    let slot = freeSlot;
    if (this.#young.count === this.#capacity) {
      const forgotten = this.#old;
      this.#old = this.#young;
      this.#young = forgotten;
      forgotten.slots.fill(0);
      forgotten.count = 0;
      slot = hash & this.#mask;
    }
    const { words, slots, count } = this.#young;
    words[count * 4] = a;
    words[count * 4 + 1] = b;
    words[count * 4 + 2] = c;
    words[count * 4 + 3] = d;
    slots[slot] = ++this.#young.count;
  }
}
