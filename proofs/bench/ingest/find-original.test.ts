import { expect, it } from 'vitest';
import { findOriginal } from './measure-original.ts';

it('says how to name the original consumer, which is not in the repository', () => {
  expect(findOriginal()).toEqual({ original: null, problem: 'name it with --original or ORIGINAL_CONSUMER.' });
});

it('names a file that is not there', () => {
  expect(findOriginal('/nowhere/consumer.py')).toEqual({
    original: null,
    problem: '/nowhere/consumer.py is not there.',
  });
});
