import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { CommandError } from '../errors/errors.ts';
import type { AccessOptions } from './access-table.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** SHA-256 of no known password: nobody can log in. */
export const NO_PASSWORD = '0'.repeat(64);

const USERS = ['owner', 'writer', 'reader'] as const;

/** For the SQL form: hashes of the passwords in CLICKHOUSE_OWNER_PASSWORD or CLICKHOUSE_OWNER_PASSWORD_FILE and so on. */
export function hashedPasswords(env: Environment, sites: readonly string[]): AccessOptions {
  const hashOf = (variable: string): string | undefined => {
    const file = env[`${variable}_FILE`];
    const password = file ? readFileSync(file, 'utf8').replace(/\r?\n$/, '') : env[variable];
    return password ? createHash('sha256').update(password).digest('hex') : undefined;
  };
  const passwords = USERS.flatMap((user) => {
    const passwordSha256 = hashOf(passwordVariable(user));
    return passwordSha256 === undefined ? [] : [[user, passwordSha256] as const];
  });
  return {
    passwords: Object.fromEntries(passwords),
    sites: sites.map((site) => {
      const variable = passwordVariable(`site_${site}`);
      const passwordSha256 = hashOf(variable);
      if (passwordSha256 === undefined)
        throw new CommandError(
          'access',
          `--site ${site}: set ${variable} or ${variable}_FILE to the site reader's password.`
        );
      return { site, passwordSha256 };
    }),
  };
}

/** For the file form: the server reads the hashes from its environment, so that the file has no secret. */
export function hashesFromEnvironment(sites: readonly string[]): AccessOptions {
  const fromEnv = (user: string): { fromEnv: string } => ({ fromEnv: `${passwordVariable(user)}_SHA256` });
  return {
    passwords: { owner: fromEnv('owner'), writer: fromEnv('writer'), reader: fromEnv('reader') },
    sites: sites.map((site) => ({ site, passwordSha256: fromEnv(`site_${site}`) })),
  };
}

/** CLICKHOUSE_OWNER_PASSWORD, and for the site `hall-2` CLICKHOUSE_SITE_HALL_2_PASSWORD. */
export function passwordVariable(user: string): string {
  return `CLICKHOUSE_${user.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}_PASSWORD`;
}
