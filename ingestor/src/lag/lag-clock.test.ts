import { describe, expect, test } from 'vitest';
import { LagClock } from './lag-clock.ts';

describe('LagClock', () => {
  test('a group at the end has no lag', () => {
    const clock = new LagClock();
    clock.add(0, 100);
    expect(clock.lagSeconds(100, 60_000)).toBe(0);
  });

  test('interpolates between samples', () => {
    const clock = new LagClock();
    clock.add(0, 0);
    clock.add(10_000, 100);
    expect(clock.lagSeconds(50, 10_000)).toBe(5);
    expect(clock.lagSeconds(0, 10_000)).toBe(10);
  });

  test('an idle log does not reduce the lag of a waiting message', () => {
    const clock = new LagClock();
    clock.add(0, 10);
    clock.add(1_000, 11);
    clock.add(61_000, 11);
    expect(clock.lagSeconds(10, 61_000)).toBe(61);
  });

  test('samples of the past may come after newer ones', () => {
    const clock = new LagClock();
    clock.add(60_000, 100);
    clock.add(0, 40);
    expect(clock.lagSeconds(40, 60_000)).toBe(60);
  });

  test('a topic that is created again starts without samples', () => {
    const clock = new LagClock();
    clock.add(0, 1_000);
    clock.add(10_000, 5);
    expect(clock.lagSeconds(0, 12_000)).toBe(2);
  });

  test('limits the number of samples and keeps the oldest one', () => {
    const clock = new LagClock(8);
    for (let i = 0; i <= 100; i++) clock.add(i * 1_000, i);
    expect(clock.lagSeconds(0, 100_000)).toBeGreaterThan(90);
  });
});
