import { describe, expect, it } from 'vitest';
import { normaliseRadians } from './map-frame.ts';

describe('normaliseRadians', () => {
  it('returns the same direction in (−π, π]', () => {
    expect(normaliseRadians(-Math.PI)).toBe(Math.PI);
    expect(normaliseRadians(Math.PI)).toBe(Math.PI);
    for (const angle of [-7, -3.2, 0, 3.2, 6.5, 1000.25]) {
      const normalised = normaliseRadians(angle);
      expect(normalised).toBeGreaterThan(-Math.PI);
      expect(normalised).toBeLessThanOrEqual(Math.PI);
      expect(Math.cos(normalised)).toBeCloseTo(Math.cos(angle), 9);
      expect(Math.sin(normalised)).toBeCloseTo(Math.sin(angle), 9);
    }
  });
});
