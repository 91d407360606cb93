import { indexInPrevious, type Fleet } from '../fleet/fleet';

/** Farther apart, two points are not joined: the robot was moved, or reported nothing for long. */
const MAX_STEP_METRES = 60;
/**
 * After a pause this many times as long as the one between updates before, and longer than a minute, it is unknown how
 * robots came to where they are: a tab was hidden, a laptop slept, the database was away.
 */
const PAUSE = { times: 5, leastMs: 60_000 };

/** Where robots were at the last updates: for each robot as many places as the trail is long, NaN where it had none. */
export class TrailHistory {
  readonly length: number;
  #fleet: Fleet | null = null;
  // In coordinates of a national grid, single precision is half a metre.
  #x = new Float64Array(0);
  #y = new Float64Array(0);
  #usualGapMs = Infinity;
  /** Slot of the newest point; the same for all robots, since each update adds one point to each. */
  #head = -1;

  /** @param length points kept for each robot */
  constructor(length: number) {
    this.length = length;
  }

  add(fleet: Fleet): void {
    const { length } = this;
    const before = indexInPrevious(this.#fleet, fleet);
    const isSameRows = this.#fleet?.count === fleet.count && fleet.robotIds.every((_, i) => before(i) === i);
    if (!isSameRows) this.#carryOver(fleet, before);
    this.#forgetAfterPause(fleet);
    // Between two answers of the map's query the newest place moves: a trail is as long with and without such updates.
    if (!fleet.isBetweenAnswers || this.#head < 0) this.#head = (this.#head + 1) % length;
    for (let i = 0; i < fleet.count; i++) {
      const at = i * length;
      // A trail belongs to one floor.
      if (this.#fleet && fleet.mapIds[i] !== this.#fleet.mapIds[before(i)]) this.#x.fill(NaN, at, at + length);
      this.#x[at + this.#head] = fleet.xMetres[i] ?? NaN;
      this.#y[at + this.#head] = fleet.yMetres[i] ?? NaN;
    }
    this.#fleet = fleet;
  }

  #forgetAfterPause({ readAtMs }: Fleet): void {
    const gapMs = readAtMs - (this.#fleet?.readAtMs ?? NaN);
    if (gapMs > Math.max(PAUSE.leastMs, PAUSE.times * this.#usualGapMs)) this.#x.fill(NaN);
    else if (gapMs > 0) this.#usualGapMs = gapMs;
  }

  #carryOver(fleet: Fleet, before: (i: number) => number): void {
    const { length } = this;
    const x = new Float64Array(fleet.count * length).fill(NaN);
    const y = new Float64Array(fleet.count * length).fill(NaN);
    for (let i = 0; i < fleet.count; i++) {
      const from = before(i) * length;
      if (from < 0) continue;
      x.set(this.#x.subarray(from, from + length), i * length);
      y.set(this.#y.subarray(from, from + length), i * length);
    }
    this.#x = x;
    this.#y = y;
  }

  /**
   * Walks the joined pieces of one robot's trail, the newest first.
   * @param minStepMetres points nearer to the last one walked are left out, and so are points on a straight line
   * @param visit gets both ends in metres and the age of the older end, 0 (newest) to 1
   */
  walk(robot: number, minStepMetres: number, visit: SegmentVisitor): void {
    const { length } = this;
    let lastX = NaN;
    let lastY = NaN;
    let heldX = NaN;
    let heldY = NaN;
    let heldAge = 0;
    const flush = () => {
      if (!Number.isNaN(heldX)) visit(lastX, lastY, heldX, heldY, heldAge);
      heldX = NaN;
    };
    for (let back = 0; back < length; back++) {
      const slot = robot * length + ((this.#head - back + length) % length);
      const x = this.#x[slot] ?? NaN;
      const y = this.#y[slot] ?? NaN;
      if (Number.isNaN(x)) continue;
      const fromX = Number.isNaN(heldX) ? lastX : heldX;
      const fromY = Number.isNaN(heldX) ? lastY : heldY;
      const step = Math.hypot(x - fromX, y - fromY);
      if (step < minStepMetres) continue;
      // A first point, and one too far away, start a new piece.
      if (!(step <= MAX_STEP_METRES)) {
        flush();
        [lastX, lastY] = [x, y];
        continue;
      }
      const isStraight = !Number.isNaN(heldX) && distanceToLine(lastX, lastY, x, y, heldX, heldY) < minStepMetres / 4;
      const band = Math.floor((back / length) * TRAIL_BANDS);
      if (!Number.isNaN(heldX) && (!isStraight || band !== Math.floor(heldAge * TRAIL_BANDS))) {
        visit(lastX, lastY, heldX, heldY, heldAge);
        [lastX, lastY] = [heldX, heldY];
      }
      [heldX, heldY, heldAge] = [x, y, back / length];
    }
    flush();
  }
}

/** Steps in which a trail fades; pieces do not reach across them. */
export const TRAIL_BANDS = 4;

export type SegmentVisitor = (fromX: number, fromY: number, toX: number, toY: number, age: number) => void;

function distanceToLine(ax: number, ay: number, bx: number, by: number, px: number, py: number): number {
  const span = Math.hypot(bx - ax, by - ay);
  return span === 0 ? 0 : Math.abs((bx - ax) * (py - ay) - (by - ay) * (px - ax)) / span;
}
