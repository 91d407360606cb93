import { describe, expect, it } from 'vitest';
import { findWeakAisles, LOCALIZATION_LOST, startLocalised, stepLocalisation } from './localisation.ts';
import { loadDemoFloors } from './plans.ts';
import { createRandom } from './random.ts';

const driving = { isDriving: true, errorCode: null, seconds: 1 };

describe('localisation', () => {
  it('is weak in some aisles of each floor and good in most cells', async () => {
    for (const floor of await loadDemoFloors()) {
      const weaknessAt = findWeakAisles(floor, createRandom(1));
      const weaknesses = floor.cells.map(weaknessAt);
      expect(Math.max(...weaknesses), floor.mapId).toBeGreaterThan(0.9);
      expect(weaknesses.filter((weakness) => weakness === 0).length).toBeGreaterThan(floor.cells.length / 2);
    }
  });

  it('selects the same aisles for the same seed', async () => {
    const [hall] = await loadDemoFloors();
    if (!hall) throw new Error('the demo has no floor');
    const first = hall.cells.map(findWeakAisles(hall, createRandom(1)));
    expect(hall.cells.map(findWeakAisles(hall, createRandom(1)))).toEqual(first);
    expect(hall.cells.map(findWeakAisles(hall, createRandom(2)))).not.toEqual(first);
  });

  it('has a lower score and a larger deviation in a weak cell', () => {
    const random = createRandom(1);
    const [good, weak] = [startLocalised(), startLocalised()];
    stepLocalisation(good, { ...driving, weakness: 0 }, random);
    stepLocalisation(weak, { ...driving, weakness: 1, isDriving: false }, random);
    expect(good.score).toBeGreaterThan(weak.score + 0.3);
    expect(good.deviationMetres).toBeLessThan(weak.deviationMetres);
  });

  it('is lost for a time in weak cells, and never in good cells', () => {
    const random = createRandom(1);
    const lostSeconds = (weakness: number) => {
      const localisation = startLocalised();
      let lost = 0;
      for (let second = 0; second < 3_000; second++) {
        stepLocalisation(localisation, { ...driving, weakness }, random);
        if (localisation.lostSecondsLeft > 0) lost++;
      }
      return lost;
    };
    expect(lostSeconds(0)).toBe(0);
    expect(lostSeconds(0.5)).toBeGreaterThan(100);
    expect(lostSeconds(0.5)).toBeLessThan(2_000);
  });

  it('stays lost, with growing deviation, while the robot has that error', () => {
    const random = createRandom(1);
    const localisation = startLocalised();
    const lost = { weakness: 0, isDriving: false, errorCode: LOCALIZATION_LOST, seconds: 1 };
    const deviations = Array.from({ length: 30 }, () => {
      stepLocalisation(localisation, lost, random);
      expect(localisation.lostSecondsLeft).toBeGreaterThan(0);
      expect(localisation.score).toBeLessThan(0.3);
      return localisation.deviationMetres;
    });
    expect(deviations).toEqual(deviations.toSorted((a, b) => a - b));
    expect(deviations.at(-1)).toBeGreaterThan(1);
    stepLocalisation(localisation, { ...lost, errorCode: null }, random);
    expect(localisation.lostSecondsLeft).toBe(0);
    expect(localisation.deviationMetres).toBeLessThan(0.1);
  });
});
