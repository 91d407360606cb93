import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DuplicateWindow } from './duplicate-window.ts';

const id = (n: number): Buffer => {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt32LE(n, 6);
  return bytes;
};

describe('DuplicateWindow', () => {
  test('distinguishes known ids from new ones', () => {
    const window = new DuplicateWindow(100);
    const bytes = randomBytes(32);
    expect(window.sees(bytes, 0)).toBe(false);
    expect(window.sees(bytes, 16)).toBe(false);
    expect(window.sees(bytes, 0)).toBe(true);
    expect(window.size).toBe(2);
  });

  test('never forgets one of the last ids, and never mistakes a new id for a known one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.array(fc.integer({ min: 0, max: 40 })), (capacity, numbers) => {
        const window = new DuplicateWindow(capacity);
        const distinct: number[] = [];
        for (const n of numbers) {
          const seen = window.sees(id(n), 0);
          if (distinct.slice(-capacity).includes(n)) expect(seen).toBe(true);
          if (!distinct.includes(n)) expect(seen).toBe(false);
          if (!seen) distinct.push(n);
          expect(window.size).toBeLessThanOrEqual(2 * capacity);
        }
      })
    );
  });

  test('is disabled with a capacity of 0', () => {
    const window = new DuplicateWindow(0);
    expect(window.sees(id(1), 0)).toBe(false);
    expect(window.sees(id(1), 0)).toBe(false);
  });
});
