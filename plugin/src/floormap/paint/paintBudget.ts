/** A canvas rests this many times as long as it took to paint, so that painting leaves most frames to the view. */
const REST_SHARE = 3;
/** Cheaper canvases are painted in every frame. */
const CHEAP_MS = 5;
/** However slow a machine is, what moves is seen to move. */
const LONGEST_REST_MS = 1_000;

/**
 * When an expensive canvas may be painted again. In between it is moved by CSS, which keeps pan and zoom at the screen's
 * own rate whatever the canvas costs.
 */
export class PaintBudget {
  readonly #shortestRestMs: number;
  #restMs = 0;
  #paintedMs = -Infinity;

  constructor(shortestRestMs: number) {
    this.#shortestRestMs = shortestRestMs;
  }

  isDue(nowMs: number): boolean {
    return nowMs - this.#paintedMs >= this.#restMs;
  }

  /** Records a painting that began and ended at these times. */
  note(beganMs: number, endedMs: number): void {
    const costMs = endedMs - beganMs;
    const wanted = costMs > CHEAP_MS ? Math.min(LONGEST_REST_MS, REST_SHARE * costMs) : 0;
    this.#restMs = Math.max(this.#shortestRestMs, wanted);
    this.#paintedMs = endedMs;
  }

  /** Makes the next painting due: what the canvas shows is no longer true. */
  expire(): void {
    this.#paintedMs = -Infinity;
  }
}
