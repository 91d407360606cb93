import { expect, test } from 'vitest';
import { runAccess } from '../access/run-access.ts';

test('each user can do what it must and nothing else (the short form of npm run access)', async () => {
  const rows = await runAccess({ isShort: true });
  expect(rows.filter(({ seen, expected }) => seen !== expected)).toEqual([]);
  expect(rows.length).toBeGreaterThan(100);
});
