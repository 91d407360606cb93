import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { memoryBytes, PAUSE_REASONS, planReading, type PartitionLoad, type ReadingPlan } from './reading-plan.ts';

const LIMITS = { bufferMaxBytes: 1_000, nowMs: 10_000 };
const at = (nowMs: number) => ({ ...LIMITS, nowMs });
const load = (key: string, rest: Partial<PartitionLoad> = {}): PartitionLoad => ({
  ...{ key, isLocating: false, isPreparing: false, isRebuilding: false, isBehind: false },
  ...{ bufferedBytes: 0, closedBatches: 0, lastReadMs: LIMITS.nowMs },
  ...rest,
});
const behind = (key: string, rest: Partial<PartitionLoad> = {}) => load(key, { isBehind: true, ...rest });
const reasons = ({ paused }: ReadingPlan) => Object.fromEntries(paused);

describe('reasons', () => {
  test('a partition is read when no reason holds', () => {
    expect(reasons(planReading([load('a'), load('b')], LIMITS))).toEqual({});
  });

  test('the first of several reasons is reported', () => {
    const all = { isLocating: true, isPreparing: true, bufferedBytes: 2_000 };
    expect(reasons(planReading([load('a', all)], LIMITS))).toEqual({ a: 'memory' });
    expect(reasons(planReading([load('a', { ...all, bufferedBytes: 0 })], LIMITS))).toEqual({ a: 'preparation' });
    expect(reasons(planReading([load('a', { isLocating: true })], LIMITS))).toEqual({ a: 'position' });
  });
});

describe('memory', () => {
  test('a partition above its share is paused until half of the share is free', () => {
    const buffered = (bufferedBytes: number) => [load('a', { bufferedBytes }), load('b')];
    const above = planReading(buffered(501), LIMITS);
    expect(reasons(above)).toEqual({ a: 'memory' });
    expect(reasons(planReading(buffered(250), LIMITS, above))).toEqual({ a: 'memory' });
    expect(reasons(planReading(buffered(249), LIMITS, above))).toEqual({});
    expect(reasons(planReading(buffered(500), LIMITS))).toEqual({});
  });

  test('a batch that is being rebuilt is read to its end, however large it is', () => {
    expect(reasons(planReading([load('a', { isRebuilding: true, bufferedBytes: 9_000 })], LIMITS))).toEqual({});
  });

  test('the partition whose turn it is may use all memory', () => {
    const plan = planReading([behind('a'), load('b')], LIMITS);
    expect(['a', 'b'].map((key) => memoryBytes(plan, key, 2, LIMITS))).toEqual([1_000, 500]);
    expect(reasons(planReading([behind('a', { bufferedBytes: 900 }), load('b')], LIMITS, plan))).toEqual({});
  });
});

describe('partitions with a backlog', () => {
  test('are read one after the other, each until its batch is complete', () => {
    const closed = { a: 0, b: 0, c: 0 };
    const next = (before?: ReadingPlan) =>
      planReading(
        Object.entries(closed).map(([key, closedBatches]) => behind(key, { closedBatches })),
        LIMITS,
        before
      );
    let plan = next();
    const order: (string | undefined)[] = [];
    for (let i = 0; i < 5; i++) {
      const key = plan.turn?.key as keyof typeof closed;
      order.push(key);
      expect(reasons(plan)).toEqual(
        Object.fromEntries(['a', 'b', 'c'].filter((k) => k !== key).map((k) => [k, 'turn']))
      );
      closed[key]++;
      plan = next(plan);
    }
    expect(order).toEqual(['a', 'b', 'c', 'a', 'b']);
  });

  test('wait until memory has room for one more complete batch', () => {
    const full = [behind('a'), load('b', { bufferedBytes: 501, isRebuilding: true })];
    const plan = planReading(full, LIMITS);
    expect(reasons(plan)).toEqual({ a: 'turn' });
    expect(reasons(planReading([behind('a'), load('b', { bufferedBytes: 500 })], LIMITS, plan))).toEqual({});
  });

  test('do not wait for a partition whose broker is unavailable', () => {
    const [a, b] = [behind('a', { lastReadMs: 10_900 }), behind('b')];
    const plan = planReading([a, b], LIMITS);
    expect(planReading([a, b], at(11_900), plan).turn?.key).toBe('a');
    expect(planReading([a, b], at(11_901), plan)).toMatchObject({ turn: { key: 'b' }, waiting: ['a'] });
  });

  test('lose their turn and their place in the queue when they have caught up, or do not know their position', () => {
    const plan = planReading([behind('a'), behind('b'), behind('c')], LIMITS);
    const next = planReading([load('a'), load('b', { isLocating: true }), behind('c')], LIMITS, plan);
    expect(next).toMatchObject({ turn: { key: 'c' }, waiting: [] });
  });
});

const anyLoad = fc.record({
  ...{ isLocating: fc.boolean(), isPreparing: fc.boolean(), isRebuilding: fc.boolean(), isBehind: fc.boolean() },
  ...{ bufferedBytes: fc.integer({ min: 0, max: 1_500 }), closedBatches: fc.nat(2) },
  lastReadMs: fc.integer({ min: 0, max: 20_000 }),
});

test('for all loads, the plan does not change its input, is stable, and pauses only partitions with a reason', () => {
  fc.assert(
    fc.property(fc.array(fc.array(anyLoad, { minLength: 1, maxLength: 4 }), { maxLength: 6 }), (rounds) => {
      let plan: ReadingPlan | undefined;
      let nowMs = 0;
      for (const loads of rounds) {
        const partitions = loads.map((each, i) => load(String(i), each));
        const before = structuredClone(plan);
        const next = planReading(partitions, at((nowMs += 500)), plan);
        expect(plan).toEqual(before);
        expect(planReading(partitions, at(nowMs), next)).toEqual(next);
        for (const { key, isBehind, isRebuilding, isLocating, isPreparing, bufferedBytes } of partitions) {
          const needsTurn = isBehind && !isRebuilding && !isLocating;
          expect(next.turn?.key === key || next.waiting.includes(key)).toBe(needsTurn);
          const reason = next.paused.get(key);
          if (reason) expect(PAUSE_REASONS).toContain(reason);
          if (isLocating || isPreparing) expect(reason).toBeDefined();
          const share = memoryBytes(next, key, partitions.length, LIMITS);
          if (bufferedBytes > share && !isRebuilding) expect(reason).toBe('memory');
          if (bufferedBytes < share / 2) expect(reason).not.toBe('memory');
        }
        plan = next;
      }
    })
  );
});
