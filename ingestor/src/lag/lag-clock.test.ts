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

  test('an idle log does not make the lag of a waiting message smaller', () => {
    const clock = new LagClock();
    clock.add(0, 10);
    clock.add(1_000, 11);
    clock.add(61_000, 11);
    expect(clock.lagSeconds(10, 61_000)).toBe(61);
  });

  test('takes samples of the past after the present', () => {
    const clock = new LagClock();
    clock.add(60_000, 100);
    clock.add(0, 40);
    expect(clock.lagSeconds(40, 60_000)).toBe(60);
  });

  test('a topic made again starts anew', () => {
    const clock = new LagClock();
    clock.add(0, 1_000);
    clock.add(10_000, 5);
    expect(clock.lagSeconds(0, 12_000)).toBe(2);
  });

  test('stays within its memory and keeps the oldest sample', () => {
    const clock = new LagClock(8);
    for (let i = 0; i <= 100; i++) clock.add(i * 1_000, i);
    expect(clock.lagSeconds(0, 100_000)).toBeGreaterThan(90);
  });
});
