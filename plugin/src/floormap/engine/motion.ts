import { normaliseRadians } from '@floorwatch/contract';
import { indexInPrevious, type Fleet } from '../fleet/fleet';
import { statusIndex } from '../fleet/status';

/** Faster than any robot on a floor: a longer way between two updates is a jump (relocalised, other floor), not a drive. */
const MAX_SPEED_METRES_PER_SECOND = 8;
/** Gaps between updates that still make a glide; outside, one would rush or crawl. */
const MIN_GLIDE_MS = 100;
const MAX_GLIDE_MS = 10_000;

/** Robots have visibly moved once the fastest one is this far from where it is painted. */
const SEEN_PX = 0.5;
/** A robot that hardly moves is painted again at the latest after this time. */
const LONGEST_STILL_MS = 250;

const WORKING = statusIndex('working');

/**
 * Where robots are painted between two updates. Each robot glides from where it is painted to where it was reported in
 * the time that updates take to come; a moving robot then goes on at its reported speed, but never for longer than one
 * more such time nor past the age at which its position counts as stale.
 */
export class Motion {
  /** Painted pose, metres and radians; NaN where there is none. */
  xMetres = new Float64Array(0);
  yMetres = new Float64Array(0);
  headingRadians = new Float64Array(0);
  #fleet: Fleet | null = null;
  #startX = new Float64Array(0);
  #startY = new Float64Array(0);
  #startHeading = new Float64Array(0);
  #updatedAtMs = 0;
  #glideMs = 0;
  #staleAfterSeconds = 0;
  #settled = true;
  #fastestMetresPerSecond = 0;
  #fastestRadiansPerSecond = 0;

  /**
   * Takes a new fleet.
   * @param staleAfterSeconds bounds how old a position may be to be carried on
   * @param glides false: robots jump to each new place and stay there
   */
  update(fleet: Fleet, nowMs: number, staleAfterSeconds: number, glides = true): void {
    const painted = { x: this.xMetres, y: this.yMetres, heading: this.headingRadians };
    const previousIndex = indexInPrevious(this.#fleet, fleet);
    const isFirst = this.#fleet === null;
    const gapMs = nowMs - this.#updatedAtMs;
    // An update out of turn, soon after another one, must not make robots rush.
    const glideMs = Math.max(MIN_GLIDE_MS, gapMs, this.#glideMs / 2);
    this.#glideMs = !glides || isFirst || gapMs > MAX_GLIDE_MS ? 0 : glideMs;
    this.#startX = Float64Array.from(fleet.xMetres);
    this.#startY = Float64Array.from(fleet.yMetres);
    this.#startHeading = Float64Array.from(fleet.headingRadians);
    const farthest = MAX_SPEED_METRES_PER_SECOND * (this.#glideMs / 1000) + 1;
    for (let i = 0; i < fleet.count; i++) {
      const before = previousIndex(i);
      const dx = (painted.x[before] ?? NaN) - (fleet.xMetres[i] ?? NaN);
      const dy = (painted.y[before] ?? NaN) - (fleet.yMetres[i] ?? NaN);
      if (!(Math.hypot(dx, dy) <= farthest)) continue;
      this.#startX[i] = painted.x[before] ?? NaN;
      this.#startY[i] = painted.y[before] ?? NaN;
      const heading = painted.heading[before] ?? NaN;
      if (!Number.isNaN(heading)) this.#startHeading[i] = heading;
    }
    this.#fleet = fleet;
    this.#updatedAtMs = nowMs;
    this.#staleAfterSeconds = staleAfterSeconds;
    this.#settled = false;
    this.#noteFastest(fleet);
    this.xMetres = new Float64Array(fleet.count);
    this.yMetres = new Float64Array(fleet.count);
    this.headingRadians = new Float64Array(fleet.count);
    this.step(nowMs);
  }

  /** Moves the painted poses to this time; false once nothing moves any more until the next update. */
  step(nowMs: number): boolean {
    const fleet = this.#fleet;
    if (!fleet || this.#settled) return false;
    const elapsedMs = nowMs - this.#updatedAtMs;
    const share = this.#glideMs === 0 ? 1 : Math.min(1, Math.max(0, elapsedMs / this.#glideMs));
    const carriedMs = Math.min(Math.max(0, elapsedMs - this.#glideMs), this.#glideMs);
    for (let i = 0; i < fleet.count; i++) this.#place(fleet, i, share, carriedMs / 1000);
    this.#settled = share === 1 && carriedMs >= this.#glideMs;
    return !this.#settled;
  }

  /**
   * Milliseconds after which a robot has visibly moved since its poses were painted.
   * @param pxPerMetre of the picture
   * @param markerPx diameter of a marker, whose edge moves when it turns
   */
  stillMs(pxPerMetre: number, markerPx: number): number {
    const pxPerSecond = Math.max(
      this.#fastestMetresPerSecond * pxPerMetre,
      (this.#fastestRadiansPerSecond * markerPx) / 2
    );
    return Math.min(LONGEST_STILL_MS, (1_000 * SEEN_PX) / pxPerSecond);
  }

  #noteFastest(fleet: Fleet): void {
    this.#fastestMetresPerSecond = 0;
    this.#fastestRadiansPerSecond = 0;
    if (this.#glideMs === 0) return;
    for (let i = 0; i < fleet.count; i++) {
      const dx = (fleet.xMetres[i] ?? NaN) - (this.#startX[i] ?? NaN);
      const dy = (fleet.yMetres[i] ?? NaN) - (this.#startY[i] ?? NaN);
      const turn = normaliseRadians((fleet.headingRadians[i] ?? NaN) - (this.#startHeading[i] ?? NaN));
      const carried = fleet.statuses[i] === WORKING ? (fleet.speedMetresPerSecond[i] ?? NaN) : 0;
      const glided = (1_000 * Math.hypot(dx, dy)) / this.#glideMs;
      const turned = (1_000 * Math.abs(turn)) / this.#glideMs;
      // A comparison with NaN, where a robot has no pose or speed, is false.
      if (glided > this.#fastestMetresPerSecond) this.#fastestMetresPerSecond = glided;
      if (carried > this.#fastestMetresPerSecond) this.#fastestMetresPerSecond = carried;
      if (turned > this.#fastestRadiansPerSecond) this.#fastestRadiansPerSecond = turned;
    }
  }

  #place(fleet: Fleet, i: number, share: number, carriedSeconds: number): void {
    const startX = this.#startX[i] ?? NaN;
    const startY = this.#startY[i] ?? NaN;
    const heading = fleet.headingRadians[i] ?? NaN;
    let x = startX + ((fleet.xMetres[i] ?? NaN) - startX) * share;
    let y = startY + ((fleet.yMetres[i] ?? NaN) - startY) * share;
    if (carriedSeconds > 0 && fleet.statuses[i] === WORKING) {
      const speed = fleet.speedMetresPerSecond[i] ?? NaN;
      const ageLeft = this.#staleAfterSeconds - (fleet.positionAgeSeconds[i] ?? NaN);
      const metres = speed * Math.min(carriedSeconds, ageLeft);
      if (metres > 0 && !Number.isNaN(heading)) {
        x += Math.cos(heading) * metres;
        y += Math.sin(heading) * metres;
      }
    }
    this.xMetres[i] = x;
    this.yMetres[i] = y;
    const startHeading = this.#startHeading[i] ?? NaN;
    const turn = normaliseRadians(heading - startHeading);
    this.headingRadians[i] = Number.isNaN(turn) ? heading : startHeading + turn * share;
  }
}
