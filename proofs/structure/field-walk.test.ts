import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { REPOSITORY_DIR } from '@floorwatch/servers/paths';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addLiftHeight, WALK_EDITS, WALK_MIGRATION } from './field-walk.ts';
import { copyRepository } from './repository-copy.ts';

const GUIDE = readFileSync(join(REPOSITORY_DIR, 'docs/how-to/add-event-field.md'), 'utf8');
const copy = mkdtempSync(join(tmpdir(), 'floorwatch-walk-'));
let changed: string[];

beforeAll(() => {
  copyRepository(REPOSITORY_DIR, copy);
  changed = addLiftHeight(copy);
});
afterAll(() => {
  rmSync(copy, { recursive: true, force: true });
});

test('a new number field changes at most 10 files, including generated ones', () => {
  expect(changed.length).toBeGreaterThan(5);
  expect(changed.length).toBeLessThanOrEqual(10);
});

test('the guide names exactly the files that change', () => {
  const beforeRollOut = GUIDE.slice(GUIDE.indexOf('## 1.'), GUIDE.indexOf('## 6.'));
  const named = beforeRollOut.match(/`[\w/-]+\/[\w.-]+\.(?:ts|sql|json|avsc|proto)`/g) ?? [];
  const files = new Set(named.map((name) => name.slice(1, -1)).filter((name) => !name.endsWith('.test.ts')));
  expect([...files].sort()).toEqual(changed.map((file) => file.replace(/\d{4}_/, 'NNNN_')).sort());
});

test('the guide shows every text that is inserted', () => {
  for (const text of [WALK_MIGRATION, ...WALK_EDITS.map(({ insert }) => insert)]) {
    expect(GUIDE).toContain(text.trimEnd());
  }
});
