import type { Fleet } from './fleet';

/** Robots that are looked at to find where most of them are. */
const MAX_SAMPLES = 2_001;
/** A floor is at least this wide: robots side by side do not make the next aisle far away. */
const LEAST_SPREAD_METRES = 20;
/** As many times the usual distance from the middle is not the same floor any more. */
const FAR = 20;

interface Middle {
  middle: number;
  reach: number;
}

/**
 * Which placed robots stand with the others: 1, and 0 for one that is so far away that a view with it would show nothing else
 * (a wrong unit, a position of another frame). By the median and the median distance from it, on each axis.
 */
export function findBulk(fleet: Fleet, isPlaced: Uint8Array): Uint8Array {
  const [x, y] = [middleOf(fleet.xMetres, isPlaced), middleOf(fleet.yMetres, isPlaced)];
  const isNear = (metres: number, { middle, reach }: Middle) => Math.abs(metres - middle) <= reach;
  return isPlaced.map((placed, i) =>
    placed === 1 && isNear(fleet.xMetres[i] ?? NaN, x) && isNear(fleet.yMetres[i] ?? NaN, y) ? 1 : 0
  );
}

function middleOf(metres: Float64Array, isPlaced: Uint8Array): Middle {
  const stride = Math.max(1, Math.floor(metres.length / MAX_SAMPLES));
  const samples = metres.filter((_, i) => isPlaced[i] === 1 && i % stride === 0);
  const middle = median(samples);
  const usual = median(samples.map((one) => Math.abs(one - middle)));
  return { middle, reach: FAR * Math.max(LEAST_SPREAD_METRES, usual) };
}

function median(numbers: Float64Array): number {
  const sorted = numbers.toSorted();
  const half = Math.floor((sorted.length - 1) / 2);
  return ((sorted[half] ?? NaN) + (sorted[sorted.length - 1 - half] ?? NaN)) / 2;
}
