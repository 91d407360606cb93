import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { REPOSITORY } from './compose-file.ts';

const SCRIPT = join(REPOSITORY, 'deploy/compose/make-certificates.sh');
const isInstalled = (command: string): boolean => spawnSync(command, ['--help']).error === undefined;
/** The image has busybox. */
const SHELLS = [['dash'], ['busybox', 'sh']].filter(([command = '']) => isInstalled(command));
const SERVICES = ['kafka', 'clickhouse'];

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'floorwatch-certificates-'));
  for (const name of ['tls-authority-key', 'tls-authority', 'tls-kafka', 'tls-clickhouse']) mkdirSync(join(dir, name));
});
afterEach(() => {
  rmSync(dir, { recursive: true });
});

const authority = (): string => join(dir, 'tls-authority/ca.crt');
const authorityKey = (): string => join(dir, 'tls-authority-key/ca.key');
const file = (service: string, ending: string): string => join(dir, `tls-${service}`, `server.${ending}`);
const mode = (path: string): number => statSync(path).mode & 0o777;
const everything = (): string[] =>
  [
    authority(),
    authorityKey(),
    ...SERVICES.flatMap((name) => ['key', 'crt', 'pem'].map((ending) => file(name, ending))),
  ].map((path) => readFileSync(path, 'utf8'));

function openssl(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync('openssl', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`openssl ${args.join(' ')}: ${stderr}`);
  return stdout;
}

function verify(service: string, host: string): string {
  return openssl(
    'verify',
    '-purpose',
    'sslserver',
    '-CAfile',
    authority(),
    '-verify_hostname',
    host,
    file(service, 'crt')
  );
}

/** Signs the server's key again with the authority, for this many days from now. */
function signFor(service: string, days: string): void {
  const request = join(dir, 'request');
  openssl('req', '-new', '-key', file(service, 'key'), '-subj', `/CN=${service}`, '-out', request);
  const names = join(dir, 'names');
  writeFileSync(names, `subjectAltName = DNS:${service}, DNS:localhost\n`);
  const signed = ['-CA', authority(), '-CAkey', authorityKey(), '-extfile', names, '-out', file(service, 'crt')];
  openssl('x509', '-req', '-in', request, '-days', days, ...signed);
  rmSync(file(service, 'pem'));
  const both = ['key', 'crt'].map((ending) => readFileSync(file(service, ending), 'utf8')).join('');
  writeFileSync(file(service, 'pem'), both, { mode: 0o440 });
}

// Skipped without openssl, which the image of the script has.
describe.skipIf(!isInstalled('openssl')).each(SHELLS.map((shell) => ({ shell, name: shell.join(' ') })))(
  'make-certificates.sh in $name',
  ({ shell: [command = '', ...args] }) => {
    const make = () => {
      // The groups of the images exist only there.
      const group = String(process.getgid?.() ?? 0);
      const { status, stdout, stderr } = spawnSync(command, [...args, SCRIPT], {
        encoding: 'utf8',
        env: { PATH: process.env['PATH'] ?? '', SECRETS_DIR: dir, KAFKA_GROUP: group, CLICKHOUSE_GROUP: group },
      });
      return {
        status,
        renewed: [...stdout.matchAll(/new certificate of ([a-z ]+),/g)].map(([, name]) => name),
        stderr,
      };
    };
    const ALL = ['the authority', ...SERVICES];

    it('makes certificates for the names of the services and of this machine, which clients of the authority trust', () => {
      expect(make()).toEqual({ status: 0, renewed: ALL, stderr: '' });
      for (const service of SERVICES) {
        for (const host of [service, 'localhost']) expect(verify(service, host)).toContain('OK');
        expect(() => verify(service, 'example.com')).toThrow(/[Hh]ostname mismatch/);
        const names = openssl('x509', '-noout', '-ext', 'subjectAltName', '-in', file(service, 'crt'));
        expect(names).toContain('IP Address:127.0.0.1');
        expect(readFileSync(file(service, 'key'), 'utf8')).toMatch(/^-----BEGIN PRIVATE KEY-----/);
        const both = readFileSync(file(service, 'key'), 'utf8') + readFileSync(file(service, 'crt'), 'utf8');
        expect(readFileSync(file(service, 'pem'), 'utf8')).toBe(both);
      }
    });

    it('gives each private key only to its service', () => {
      make();
      expect(mode(authorityKey())).toBe(0o400);
      for (const service of SERVICES) {
        for (const ending of ['key', 'pem']) expect(mode(file(service, ending))).toBe(0o440);
        expect(mode(file(service, 'crt'))).toBe(0o444);
      }
      expect(mode(authority())).toBe(0o444);
    });

    it('keeps everything that is valid', () => {
      make();
      const before = everything();
      expect(make()).toEqual({ status: 0, renewed: [], stderr: '' });
      expect(everything()).toEqual(before);
    });

    it.each([
      ['has expired', '-1'],
      ['expires within 30 days', '29'],
    ])('renews a certificate that %s, and keeps the authority', (_, days) => {
      make();
      signFor('kafka', days);
      expect(make()).toEqual({ status: 0, renewed: ['kafka'], stderr: '' });
      expect(verify('kafka', 'kafka')).toContain('OK');
    });

    it('keeps a certificate that is valid for 31 days', () => {
      make();
      signFor('kafka', '31');
      expect(make().renewed).toEqual([]);
    });

    it('renews a certificate of another service, and one that does not belong to its key', () => {
      make();
      for (const ending of ['key', 'crt', 'pem']) copyFileSync(file('clickhouse', ending), file('kafka', ending));
      expect(make()).toEqual({ status: 0, renewed: ['kafka'], stderr: '' });
      for (const ending of ['key', 'pem']) {
        rmSync(file('clickhouse', ending));
        expect(make().renewed).toEqual(['clickhouse']);
      }
      rmSync(file('clickhouse', 'crt'));
      writeFileSync(file('clickhouse', 'crt'), 'not a certificate');
      expect(make().renewed).toEqual(['clickhouse']);
    });

    it('makes everything again with a new authority, because nobody trusts the old certificates then', () => {
      make();
      rmSync(authorityKey());
      expect(make()).toEqual({ status: 0, renewed: ALL, stderr: '' });
      for (const service of SERVICES) expect(verify(service, service)).toContain('OK');
    });

    it.each([
      ['of the authority, that its group can read', 'tls-authority-key/ca.key', 0o440],
      ['of Kafka, that everybody can read', 'tls-kafka/server.pem', 0o444],
      ['of ClickHouse, that its group can change', 'tls-clickhouse/server.key', 0o460],
    ])('refuses a private key %s', (_, path, wrongMode) => {
      make();
      chmodSync(join(dir, path), wrongMode);
      const refused = make();
      expect(refused).toMatchObject({ status: 78, renewed: [] });
      expect(refused.stderr).toContain(`${join(dir, path)} is open to others`);
      rmSync(join(dir, path));
      expect(make().status).toBe(0);
    });
  }
);
