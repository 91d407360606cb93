import type { Floor } from './floor.ts';
import type { Random } from './random.ts';

/** How well a robot knows its position. Only `stepLocalisation` changes it. */
export interface Localisation {
  /** Share of the laser scan that matches the map, 0 to 1. */
  score: number;
  /** Estimated error of the position, as a radius. */
  deviationMetres: number;
  /** Above 0 while the robot is lost. */
  lostSecondsLeft: number;
}

/** How hard localisation is in a cell: 0 (walls all around) to 1 (an aisle that looks like all others). */
export type WeaknessAt = (cell: number) => number;

/** Error code of a robot that is lost until the error ends. */
export const LOCALIZATION_LOST = 'E-LOCALIZATION-LOST';

/** Half the length and half the width of a weak aisle, in cells: on the demo's plans 20 m and 1.5 m. */
const REACH_COLUMNS = 40;
const REACH_ROWS = 3;
const CELLS_PER_WEAK_AISLE = 2_500;

const BEST_SCORE = 0.97;
const WEAKEST_SCORE = 0.5;
const BEST_DEVIATION_METRES = 0.03;
const WEAKEST_DEVIATION_METRES = 0.4;
const FIRST_LOST_METRES = 0.6;
const MOST_LOST_METRES = 2.5;
const DRIFT_METRES_PER_SECOND = 0.04;
/** Probability per second of driving in the weakest cell. */
const LOST_PER_SECOND = 0.03;

/** Selects aisles in which all racks look the same. The same seed selects the same aisles. */
export function findWeakAisles({ cells, columns }: Floor, random: Random): WeaknessAt {
  const count = Math.max(2, Math.round(cells.length / CELLS_PER_WEAK_AISLE));
  const middles = Array.from({ length: count }, () => random.pick(cells));
  const nearness = (distance: number, reach: number) => Math.max(0, 1 - Math.abs(distance) / reach);
  return (cell) =>
    Math.max(
      ...middles.map(
        (middle) =>
          nearness((cell % columns) - (middle % columns), REACH_COLUMNS) *
          nearness(Math.floor(cell / columns) - Math.floor(middle / columns), REACH_ROWS)
      )
    );
}

export function startLocalised(): Localisation {
  return { score: BEST_SCORE, deviationMetres: BEST_DEVIATION_METRES, lostSecondsLeft: 0 };
}

/** The part of a simulation step that affects localisation. */
export interface LocalisationStep {
  weakness: number;
  isDriving: boolean;
  errorCode: string | null;
  seconds: number;
}

/** A robot becomes lost at random while it drives through weak cells, and is lost while it has the error LOCALIZATION_LOST. */
export function stepLocalisation(localisation: Localisation, step: LocalisationStep, random: Random): void {
  const { weakness, isDriving, errorCode, seconds } = step;
  const wasLost = localisation.lostSecondsLeft > 0;
  localisation.lostSecondsLeft = Math.max(0, localisation.lostSecondsLeft - seconds);
  if (errorCode === LOCALIZATION_LOST) localisation.lostSecondsLeft = Math.max(seconds, localisation.lostSecondsLeft);
  else if (isDriving && !wasLost && random.chance(LOST_PER_SECOND * weakness * seconds)) {
    localisation.lostSecondsLeft = random.between(15, 45);
  }
  if (localisation.lostSecondsLeft > 0) {
    const drifted = wasLost ? localisation.deviationMetres + DRIFT_METRES_PER_SECOND * seconds : FIRST_LOST_METRES;
    localisation.deviationMetres = Math.min(MOST_LOST_METRES, drifted);
    localisation.score = random.between(0.05, 0.2);
    return;
  }
  const between = (best: number, weakest: number) => best + (weakest - best) * weakness;
  localisation.score = between(BEST_SCORE, WEAKEST_SCORE) + random.between(-0.02, 0.02);
  localisation.deviationMetres = between(BEST_DEVIATION_METRES, WEAKEST_DEVIATION_METRES);
}
