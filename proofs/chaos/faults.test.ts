import { createRandom } from '@floorwatch/demo/fleet/random';
import { expect, test } from 'vitest';
import { nameOf, planFaults, SPECIAL_KINDS } from './faults.ts';

test('a run of 200 faults has at least 5 of each special kind, and the seed decides their order', () => {
  const plan = (seed: number) => planFaults(createRandom(seed), 200);
  const faults = plan(1);
  expect(faults).toHaveLength(200);
  for (const kind of SPECIAL_KINDS)
    expect(faults.filter((fault) => fault.kind === kind).length).toBeGreaterThanOrEqual(5);
  expect(plan(1)).toEqual(faults);
  expect(plan(2).map(nameOf)).not.toEqual(faults.map(nameOf));
});

test('a short run kills one process of each kind first, and one of ten faults or more has each special kind', () => {
  expect(planFaults(createRandom(3), 5).slice(0, 3).map(nameOf)).toEqual([
    'kill clickhouse',
    'kill ingestor-0',
    'kill kafka',
  ]);
  const kinds = new Set(planFaults(createRandom(3), 10).map(({ kind }) => kind));
  expect([...kinds]).toEqual(expect.arrayContaining([...SPECIAL_KINDS]));
});
