import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { resolvePasswords } from './passwords.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'floorwatch-passwords-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

it('generates passwords once and stores them in a file that only its owner can read', () => {
  const file = join(dir, 'state', 'passwords.env');
  const first = resolvePasswords({}, file);
  expect(resolvePasswords({}, file)).toEqual(first);
  expect(new Set(Object.values(first)).size).toBe(4);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

it('uses a password from the environment and does not store it', () => {
  const file = join(dir, 'passwords.env');
  const passwords = resolvePasswords({ CLICKHOUSE_READER_PASSWORD: 'chosen', GRAFANA_ADMIN_PASSWORD: '' }, file);
  expect(passwords.CLICKHOUSE_READER_PASSWORD).toBe('chosen');
  expect(passwords.GRAFANA_ADMIN_PASSWORD).not.toBe('');
  expect(readFileSync(file, 'utf8')).not.toContain('chosen');
});
