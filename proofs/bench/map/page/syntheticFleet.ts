import type { DataFrame } from '@grafana/data';
import { STATUSES } from '../../../../plugin/src/floormap/fleet/status';

/** Size of the synthetic hall. */
export const HALL = { widthMetres: 500, heightMetres: 280 } as const;

/** A random number generator with a seed, so that every run is the same. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Robots that drive along aisles at 1 m/s and sometimes turn, as data frames like the response of a query. */
export class SyntheticFleet {
  readonly #random = randomOf(7);
  readonly #ids: string[];
  readonly #x: number[];
  readonly #y: number[];
  readonly #quarter: number[];
  readonly #status: string[];

  constructor(robots: number) {
    const random = this.#random;
    const fill = <T>(make: () => T) => Array.from({ length: robots }, make);
    this.#ids = Array.from({ length: robots }, (_, i) => `robot-${i}`);
    this.#x = fill(() => random() * HALL.widthMetres);
    this.#y = fill(() => random() * HALL.heightMetres);
    this.#quarter = fill(() => Math.floor(random() * 4));
    this.#status = fill(() => (random() < 0.75 ? 'working' : (STATUSES[Math.floor(random() * STATUSES.length)] ?? '')));
  }

  /** Moves every robot by one second and returns the next response. */
  nextFrame(): DataFrame {
    for (let i = 0; i < this.#ids.length; i++) this.#drive(i);
    const column = (name: string, values: unknown[]) => ({ name, type: 'other', config: {}, values: [...values] });
    const fields = [
      column('robot_id', this.#ids),
      column('x', this.#x),
      column('y', this.#y),
      column(
        'theta',
        this.#quarter.map((quarter) => (quarter * Math.PI) / 2)
      ),
      column('status', this.#status),
      column(
        'age_seconds',
        this.#status.map((status) => (status === 'silent' ? 300 : 0.5))
      ),
      column(
        'battery',
        this.#ids.map((_, i) => (i * 37) % 100)
      ),
      column(
        'speed',
        this.#ids.map(() => 1)
      ),
    ];
    return { length: this.#ids.length, fields } as unknown as DataFrame;
  }

  #drive(i: number): void {
    if (this.#status[i] !== 'working') return;
    if (this.#random() < 0.1) this.#quarter[i] = Math.floor(this.#random() * 4);
    const angle = ((this.#quarter[i] ?? 0) * Math.PI) / 2;
    this.#x[i] = Math.min(HALL.widthMetres, Math.max(0, (this.#x[i] ?? 0) + Math.cos(angle)));
    this.#y[i] = Math.min(HALL.heightMetres, Math.max(0, (this.#y[i] ?? 0) + Math.sin(angle)));
  }
}
