import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCompose, readSecure, REPOSITORY } from './compose-file.ts';

const isInstalled = (command: string): boolean => spawnSync(command, ['--help']).error === undefined;
/** The shells of the images: busybox (secrets, Grafana), dash (ClickHouse's Ubuntu). */
const SHELLS = [['sh'], ['dash'], ['busybox', 'sh']].filter(([command = '']) => isInstalled(command));
const SCRIPTS = ['make-secrets.sh', 'with-secrets.sh', 'grafana.sh', 'make-certificates.sh'];
const scriptPath = (name: string): string => join(REPOSITORY, 'deploy/compose', name);

const SECRETS = ['clickhouse-owner', 'clickhouse-writer', 'clickhouse-reader', 'grafana-admin'];
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'floorwatch-secrets-'));
  for (const name of [...SECRETS, 'clickhouse-hashes']) mkdirSync(join(dir, name));
});
afterEach(() => {
  rmSync(dir, { recursive: true });
});

function run([command = '', ...args]: string[], env: Record<string, string> = {}, input = '') {
  const PATH = process.env['PATH'] ?? '';
  const { status, stdout, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    env: { PATH, SECRETS_DIR: dir, ...env },
    input,
  });
  return { status, stdout, stderr };
}

const secretFile = (name: string): string => join(dir, name, 'password');
const secret = (name: string): string => readFileSync(secretFile(name), 'utf8');

it('the shells of the images are tested', () => {
  expect(SHELLS.length).toBeGreaterThan(0);
});

describe.each(SHELLS.map((shell) => ({ shell, name: shell.join(' ') })))('make-secrets.sh in $name', ({ shell }) => {
  const make = (env: Record<string, string> = {}) => run([...shell, scriptPath('make-secrets.sh')], env);

  it('creates a different random password for each secret, and the hashes for ClickHouse', () => {
    expect(make()).toMatchObject({ status: 0, stderr: '' });
    const passwords = SECRETS.map(secret);
    expect(new Set(passwords).size).toBe(SECRETS.length);
    for (const password of passwords) expect(password).toMatch(/^[A-Za-z0-9]{32}$/);
    for (const user of ['owner', 'writer', 'reader']) {
      const hash = readFileSync(join(dir, 'clickhouse-hashes', user), 'utf8');
      expect(hash).toBe(sha256(secret(`clickhouse-${user}`)));
    }
  });

  it('keeps passwords, and changes one that the environment sets together with its hash', () => {
    make();
    const before = SECRETS.map(secret);
    expect(make()).toMatchObject({ status: 0 });
    expect(SECRETS.map(secret)).toEqual(before);
    const chosen = `it's "$HOME" \\ %s ü`;
    expect(make({ CLICKHOUSE_READER_PASSWORD: chosen })).toMatchObject({ status: 0 });
    expect(secret('clickhouse-reader')).toBe(chosen);
    expect(readFileSync(join(dir, 'clickhouse-hashes/reader'), 'utf8')).toBe(sha256(chosen));
    expect(secret('clickhouse-owner')).toBe(before[0]);
  });

  it("creates Kafka's passwords only where docker-compose.secure.yml mounts their volumes", () => {
    const names = ['kafka-ingestor', 'kafka-engine', 'kafka-fleet', 'kafka-registry'];
    make();
    for (const name of names) expect(existsSync(join(dir, name))).toBe(false);
    for (const name of names) mkdirSync(join(dir, name));
    expect(make()).toMatchObject({ status: 0, stderr: '' });
    expect(new Set(names.map(secret)).size).toBe(names.length);
    const before = names.map(secret);
    make();
    expect(names.map(secret)).toEqual(before);
  });

  it('replaces an empty file, and refuses a password of spaces', () => {
    writeFileSync(secretFile('grafana-admin'), '');
    expect(make()).toMatchObject({ status: 0 });
    expect(secret('grafana-admin')).toHaveLength(32);
    const refused = make({ GRAFANA_ADMIN_PASSWORD: '  ' });
    expect(refused.status).toBe(78);
    expect(refused.stderr).toContain('grafana-admin consists of spaces');
  });

  it('writes files that each user can read, also with umask 077', () => {
    const { status, stderr } = run([...shell, '-c', `umask 077; . ${scriptPath('make-secrets.sh')}`]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    for (const name of SECRETS) expect(statSync(secretFile(name)).mode & 0o777).toBe(0o444);
  });
});

describe.each(SHELLS.map((shell) => ({ shell, name: shell.join(' ') })))('with-secrets.sh in $name', ({ shell }) => {
  const withSecrets = (...args: string[]) => run([...shell, scriptPath('with-secrets.sh'), ...args]);

  it('runs the command with the secrets in its environment', () => {
    const text = `it's "$HOME" * \\ ü`;
    writeFileSync(secretFile('clickhouse-reader'), text);
    const printed = withSecrets('A=clickhouse-reader/password', '--', 'printenv', 'A');
    expect(printed).toEqual({ status: 0, stdout: `${text}\n`, stderr: '' });
  });

  it.each([
    ['is missing', undefined, 'does not exist'],
    ['is empty', '', 'is empty'],
    ['has only a line end', '\n', 'is empty'],
  ])('does not start the command when a secret %s', (_, content, message) => {
    if (content !== undefined) writeFileSync(secretFile('clickhouse-owner'), content);
    const refused = withSecrets('A=clickhouse-owner/password', '--', 'echo', 'started');
    expect(refused).toMatchObject({ status: 78, stdout: '' });
    expect(refused.stderr).toContain(message);
    expect(refused.stderr).toContain(secretFile('clickhouse-owner'));
  });

  it('does not start without a command', () => {
    writeFileSync(secretFile('clickhouse-owner'), 'x');
    for (const args of [[], ['A=clickhouse-owner/password'], ['A=clickhouse-owner/password', '--']]) {
      expect(withSecrets(...args).stderr).toContain('there is no command');
    }
  });
});

describe.each(SHELLS.map((shell) => ({ shell, name: shell.join(' ') })))('grafana.sh in $name', ({ shell }) => {
  /** A `grafana` that records its arguments and its standard input. The real one is tested in proofs/test. */
  function start(password: string) {
    const bin = join(dir, 'bin');
    mkdirSync(bin, { recursive: true });
    const log = join(dir, 'calls');
    writeFileSync(join(bin, 'grafana'), `#!/bin/sh\necho "$@" "$(cat)" >>${log}\n`);
    chmodSync(join(bin, 'grafana'), 0o755);
    writeFileSync(secretFile('grafana-admin'), password);
    const started = run([...shell, scriptPath('grafana.sh'), 'printenv', 'GF_SECURITY_ADMIN_PASSWORD'], {
      GF_PATHS_DATA: dir,
      GF_PATHS_HOME: '/home',
      PATH: `${bin}:${process.env['PATH'] ?? ''}`,
    });
    return { ...started, calls: existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [] };
  }
  const reset = (password: string): string =>
    `cli --homepath /home admin reset-admin-password --password-from-stdin ${password}`;

  it('writes a changed password to the database once, and none at the first start', () => {
    expect(start('first')).toMatchObject({ status: 0, stdout: 'first\n', calls: [] });
    writeFileSync(join(dir, 'grafana.db'), '');
    expect(start('first').calls).toEqual([]);
    expect(start('second')).toMatchObject({ stdout: 'second\n', calls: [reset('second')] });
    expect(start('second').calls).toEqual([reset('second')]);
    expect(readFileSync(join(dir, 'admin-password.applied'), 'utf8')).not.toContain('second');
  });

  it('applies the secret to a database of an earlier version, which has no record', () => {
    writeFileSync(join(dir, 'grafana.db'), '');
    expect(start('now').calls).toEqual([reset('now')]);
  });

  it('does not start with an empty password', () => {
    expect(start('')).toMatchObject({ status: 78, stdout: '' });
  });
});

it.skipIf(!isInstalled('shellcheck')).each(SCRIPTS)('shellcheck finds nothing in %s', (name) => {
  expect(
    run(['shellcheck', '--shell=sh', '--enable=all', '--exclude=SC2250,SC2310,SC2311,SC2312', scriptPath(name)])
  ).toEqual({ status: 0, stdout: '', stderr: '' });
});

describe('the shell commands of the compose files', () => {
  const services = [readCompose(), readSecure()].flatMap((file) => Object.entries(file.services));
  const inline = services.flatMap(([name, { entrypoint = [], healthcheck }]) =>
    [entrypoint, healthcheck?.test ?? []]
      .filter((words) => words.some((word) => /^-[a-z]*c$/.test(word)))
      .map((words) => ({
        name,
        shell: words.includes('bash') ? 'bash' : 'sh',
        // An argument after the command is its $0.
        text: (words[words.findIndex((word) => /^-[a-z]*c$/.test(word)) + 1] ?? '').replaceAll('$$', '$'),
      }))
  );

  it.skipIf(!isInstalled('shellcheck')).each(inline)('shellcheck finds nothing in $name', ({ shell, text }) => {
    expect(run(['shellcheck', `--shell=${shell}`, '--exclude=SC2034', '-'], {}, `${text}\n`).stdout).toBe('');
  });

  it('are those of the plans, of health checks, and of what docker-compose.secure.yml adds', () => {
    const secure = ['kafka', 'kafka-users', 'topics', 'schema-registry'];
    expect(inline.map(({ name }) => name)).toEqual(['kafka', 'schema-registry', 'plans', ...secure]);
  });
});
