import { expect, it } from 'vitest';
import { findOriginal } from './find-original.ts';

it('without a script, names the option that sets it', () => {
  expect(findOriginal()).toEqual({ original: null, problem: 'set --original or ORIGINAL_CONSUMER to its script.' });
});

it('names a script that does not exist', () => {
  expect(findOriginal('/nowhere/consumer.py')).toEqual({
    original: null,
    problem: '/nowhere/consumer.py does not exist.',
  });
});
