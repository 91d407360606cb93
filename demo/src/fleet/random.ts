import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** A random number generator. The same seed gives the same sequence. */
export interface Random {
  /** True with this probability, 0 to 1. */
  chance(probability: number): boolean;
  /** Uniform in [min, max). */
  between(min: number, max: number): number;
  /** A whole number, uniform in [min, max], both ends included. */
  integer(min: number, max: number): number;
  /** Throws a RangeError for an empty list. */
  pick<T>(items: readonly T[]): T;
}

export function createRandom(seed: number): Random {
  const generator = xoroshiro128plus(seed);
  const between = (min: number, max: number) => min + uniformFloat64(generator) * (max - min);
  return {
    between,
    chance: (probability) => probability > 0 && uniformFloat64(generator) < probability,
    integer: (min, max) => uniformInt(generator, min, max),
    pick: <T>(items: readonly T[]) => {
      if (items.length === 0) throw new RangeError('nothing to pick from');
      return items[uniformInt(generator, 0, items.length - 1)] as T;
    },
  };
}
