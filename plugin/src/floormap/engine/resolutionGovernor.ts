/** A frame later than this was not drawn at 60 Hz; the margin keeps one hiccup from counting. */
const LATE_MS = 21;
const FRAMES_WATCHED = 8;
/** A frame as late as this counts for four: at a few frames per second, eight of them take too long. */
const VERY_LATE_MS = 60;
/** Shares of the full resolution, tried in turn while frames run late. */
const STEPS = [1, 0.75, 0.5, 0.375] as const;
/** After this many frames in time a finer step is tried again. */
const TRY_FINER_AFTER = 240;

/**
 * Chooses how sharp to draw while the view moves: filling pixels is the limit of software rendering, so fewer of them
 * keep the motion even. It measures instead of guessing from the screen, so a GPU is used as far as it carries.
 */
export class ResolutionGovernor {
  #step = 0;
  #late = 0;
  #watched = 0;
  #inTime = 0;

  /** Share of the full resolution for the next moving frame. */
  get share(): number {
    return STEPS[this.#step] ?? 1;
  }

  /** Records the time since the previous frame of the same movement. */
  noteFrame(intervalMs: number): void {
    const weight = intervalMs > VERY_LATE_MS ? 4 : 1;
    this.#watched += weight;
    if (intervalMs > LATE_MS) this.#late += weight;
    this.#inTime = intervalMs > LATE_MS ? 0 : this.#inTime + 1;
    if (this.#inTime >= TRY_FINER_AFTER && this.#step > 0) this.#moveTo(this.#step - 1);
    if (this.#watched < FRAMES_WATCHED) return;
    if (this.#late > FRAMES_WATCHED / 2 && this.#step < STEPS.length - 1) this.#moveTo(this.#step + 1);
    this.#watched = 0;
    this.#late = 0;
  }

  #moveTo(step: number): void {
    this.#step = step;
    this.#watched = 0;
    this.#late = 0;
    this.#inTime = 0;
  }
}
