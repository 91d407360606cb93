import { ResolutionGovernor } from './resolutionGovernor';

/** The view rests when it has not changed for this long: then everything is painted sharp. */
const REST_AFTER_MS = 140;

/** What a frame must know of the view's movement. */
export interface Pace {
  nowMs: number;
  isMoving: boolean;
  /** Device pixels per CSS pixel in this frame: fewer while the view moves and frames run late. */
  ratio: number;
  /** Device pixels per CSS pixel on this screen. */
  fullRatio: number;
}

/** Decides whether the view moves or rests, and how sharp it is painted while it moves. */
export class ViewPace {
  readonly #governor = new ResolutionGovernor();
  #movedMs = -Infinity;
  #lastFrameMs = 0;
  #wasMoving = false;

  noteMove(nowMs: number): void {
    this.#movedMs = nowMs;
  }

  nextFrame(nowMs: number, fullRatio: number): Pace {
    const isMoving = nowMs - this.#movedMs < REST_AFTER_MS;
    // A pause between two movements is not a late frame.
    if (isMoving && this.#wasMoving) this.#governor.noteFrame(nowMs - this.#lastFrameMs);
    this.#wasMoving = isMoving;
    this.#lastFrameMs = nowMs;
    return { nowMs, isMoving, fullRatio, ratio: isMoving ? fullRatio * this.#governor.share : fullRatio };
  }
}
