import { expect, test } from 'vitest';
import { runAccess } from '../access/run-access.ts';
import { documentedFigure } from '../configuration/compose-file.ts';

test('each user can do what it must and nothing else (the short form of npm run access)', async () => {
  let skipped = 0;
  const rows = await runAccess({ isShort: true, onSkipped: () => skipped++ });
  expect(rows.filter(({ seen, expected }) => seen !== expected)).toEqual([]);
  expect(rows.length).toBeGreaterThan(100);
  expect(rows.length + skipped).toBe(documentedFigure('README.md', /(\d+) things that each user can or cannot do/));
});
