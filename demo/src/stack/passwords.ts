import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseEnv } from 'node:util';

export const PASSWORD_NAMES = [
  'CLICKHOUSE_OWNER_PASSWORD',
  'CLICKHOUSE_WRITER_PASSWORD',
  'CLICKHOUSE_READER_PASSWORD',
  'GRAFANA_ADMIN_PASSWORD',
] as const;

export type Passwords = Readonly<Record<(typeof PASSWORD_NAMES)[number], string>>;

/**
 * Passwords from the environment. Missing ones are generated once and stored in the file, which only its owner can read.
 * They must survive a restart, because Grafana stores the admin's password in its database.
 */
export function resolvePasswords(env: Readonly<Record<string, string | undefined>>, file: string): Passwords {
  const kept = existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {};
  const made: Record<string, string> = {};
  for (const name of PASSWORD_NAMES) made[name] = kept[name] ?? randomBytes(18).toString('base64url');
  if (PASSWORD_NAMES.some((name) => kept[name] === undefined)) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, PASSWORD_NAMES.map((name) => `${name}=${made[name] ?? ''}\n`).join(''), { mode: 0o600 });
  }
  const set = (name: string): boolean => env[name] !== undefined && env[name] !== '';
  return Object.fromEntries(PASSWORD_NAMES.map((name) => [name, set(name) ? env[name] : made[name]])) as Passwords;
}
