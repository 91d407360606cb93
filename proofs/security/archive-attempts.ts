import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY_DIR } from '@floorwatch/servers/paths';
import { unzipSync } from 'fflate';
import type { Attempt } from '../access/attempt.ts';
import { credentialsIn, isSecretFile, secretsOfCheckout } from './secret-forms.ts';

/** Somebody builds the archive on a desk that has all of these. */
const BUILT_WITH = {
  ...{ CLICKHOUSE_READER_PASSWORD: 'archive-reader-5f1c', GRAFANA_ADMIN_PASSWORD: 'archive-admin-5f1c' },
  ...{ KAFKA_SASL_PASSWORD: 'archive-kafka-5f1c', NPM_TOKEN: 'archive-npm-5f1c', GRAFANA_TOKEN: 'archive-token-5f1c' },
  ...{ AWS_SECRET_ACCESS_KEY: 'archive-aws-5f1c', ALERT_SLACK_URL: 'http://127.0.0.1:1/archive-slack-5f1c' },
};

/** What somebody who gets the archive of the plugin looks for in it, and a changed archive. */
export function archiveAttempts(dir: string): Attempt[] {
  const built = join(dir, 'as-built');
  let files: Record<string, Uint8Array> | undefined;
  const archived = (): Record<string, Uint8Array> => (files ??= unpack(pack(built, ['--as-built'])));
  return [
    {
      attempt: 'archive: a key, token or password in its files',
      expected: 'none',
      run: async () =>
        Promise.resolve(
          textsWith(archived(), (text) => credentialsIn(text, secretsOfCheckout(REPOSITORY_DIR)).length > 0)
        ),
    },
    {
      attempt: 'archive: a file that can hold secrets (.env, keys, .npmrc)',
      expected: 'none',
      run: async () => Promise.resolve(Object.keys(archived()).filter(isSecretFile).join(', ') || 'none'),
    },
    {
      attempt: 'archive: the folder of the machine that built it',
      expected: 'none',
      run: async () => Promise.resolve(textsWith(archived(), (text) => text.includes(REPOSITORY_DIR))),
    },
    {
      attempt: 'archive: a variable of the environment, built with passwords in it',
      expected: 'none',
      isSlow: true,
      run: async () => {
        const fresh = unpack(pack(join(dir, 'fresh'), []));
        const secrets = Object.values(BUILT_WITH);
        return Promise.resolve(textsWith(fresh, (text) => secrets.some((secret) => text.includes(secret))));
      },
    },
    {
      attempt: 'archive: one changed byte, against its SHA-256',
      expected: 'rejected',
      run: async () => {
        archived();
        return Promise.resolve(checkChanged(built));
      },
    },
  ];
}

/** @returns the path of the archive */
function pack(out: string, args: readonly string[]): string {
  mkdirSync(out, { recursive: true });
  execFileSync(process.execPath, [join(REPOSITORY_DIR, '.ci/package.ts'), ...args, '--out', out], {
    env: { ...process.env, ...BUILT_WITH },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return join(out, zipIn(out));
}

function zipIn(folder: string): string {
  const name = readdirSync(folder).find((file) => file.endsWith('.zip'));
  if (name === undefined) throw new Error(`no archive in ${folder}`);
  return name;
}

function unpack(archive: string): Record<string, Uint8Array> {
  const files = unzipSync(readFileSync(archive));
  if (Object.keys(files).length < 10) throw new Error(`${archive} is nearly empty`);
  return files;
}

/** `none`, or the files whose text fits. */
function textsWith(files: Record<string, Uint8Array>, fits: (text: string) => boolean): string {
  const found = Object.entries(files).filter(([, bytes]) => fits(Buffer.from(bytes).toString('latin1')));
  return found.map(([name]) => name).join(', ') || 'none';
}

/** Changes one byte of the archive in a folder. @returns what its SHA-256 says of that */
export function checkChanged(folder: string): string {
  const name = zipIn(folder);
  if (!isAccepted(folder, name)) return 'the unchanged archive is rejected too';
  const changed = readFileSync(join(folder, name));
  changed[changed.length >> 1] = (changed[changed.length >> 1] ?? 0) ^ 1;
  writeFileSync(join(folder, name), changed);
  return isAccepted(folder, name) ? 'accepted' : 'rejected';
}

/** Whether the archive has the SHA-256 of the file beside it. */
function isAccepted(folder: string, name: string): boolean {
  try {
    execFileSync('sha256sum', ['--check', '--quiet', `${name}.sha256`], { cwd: folder, stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
}
