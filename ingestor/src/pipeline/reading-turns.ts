/** A partition that catches up. */
export interface Reader {
  /** It may read on. */
  onTurn(): void;
}

/** A reader that got its turn and then nothing to read for this long lets the next one read. */
const IDLE_MS = 1_000;

/**
 * Partitions that are far behind read one after the other, each until its batch is full: memory that all would share
 * then holds one large insert instead of many small ones, and an insert costs ClickHouse 50 CPU-milliseconds before its
 * first row. Partitions that keep up need no turn.
 */
export class ReadingTurns {
  readonly #hasRoom: () => boolean;
  readonly #waiting = new Set<Reader>();
  #holder: Reader | null = null;
  #activeAtMs = 0;

  /** @param hasRoom whether memory has room for one more full batch */
  constructor(hasRoom: () => boolean) {
    this.#hasRoom = hasRoom;
  }

  isHeldBy(reader: Reader): boolean {
    return this.#holder === reader;
  }

  /** True when the reader may read on; when false it must not, until `onTurn`. */
  ask(reader: Reader): boolean {
    if (this.#holder !== reader) {
      this.#waiting.add(reader);
      this.offer();
    }
    if (this.#holder !== reader) return false;
    this.#activeAtMs = Date.now();
    return true;
  }

  /** The reader's turn ends, if it has it. */
  end(reader: Reader): void {
    if (this.#holder !== reader) return;
    this.#holder = null;
    this.offer();
  }

  /** The reader neither has a turn nor waits for one. */
  leave(reader: Reader): void {
    this.#waiting.delete(reader);
    this.end(reader);
  }

  /** Gives the turn to whoever waits longest; to be called again when memory has become free or time has passed. */
  offer(): void {
    if (this.#holder && Date.now() - this.#activeAtMs > IDLE_MS) this.#holder = null;
    if (this.#holder || !this.#hasRoom()) return;
    const [next] = this.#waiting;
    if (!next) return;
    this.#waiting.delete(next);
    this.#holder = next;
    this.#activeAtMs = Date.now();
    next.onTurn();
  }
}
