import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, describe, expect, it } from 'vitest';
import { addPublishingOptions, loginOf, type PublishingFlags } from './publishing.ts';

const dir = mkdtempSync(join(tmpdir(), 'floorwatch-login-'));
afterAll(() => {
  rmSync(dir, { recursive: true });
});
const ca = join(dir, 'ca.crt');
const passwordFile = join(dir, 'password');
writeFileSync(ca, 'the authority');
writeFileSync(passwordFile, 'a secret\n');

function login(...args: string[]) {
  return loginOf(addPublishingOptions(new Command()).parse(args, { from: 'user' }).opts<PublishingFlags>());
}

describe('the connection of the fleet to Kafka', () => {
  it('is plain text without options', () => {
    expect(login()).toBeUndefined();
  });

  it('is encrypted, and logs in with the password of a file without its line end', () => {
    const ssl = { ca: ['the authority'] };
    expect(login('--tls-ca', ca)).toEqual({ ssl });
    expect(login('--tls-ca', ca, '--sasl-username', 'fleet', '--sasl-password-file', passwordFile)).toEqual({
      ssl,
      sasl: { mechanism: 'scram-sha-512', username: 'fleet', password: 'a secret' },
    });
  });

  it.each([
    ['a login without encryption', ['--sasl-username', 'fleet', '--sasl-password-file', passwordFile], /Set --tls-ca/],
    ['a user without a password', ['--tls-ca', ca, '--sasl-username', 'fleet'], /need each other/],
    ['a file that does not exist', ['--tls-ca', join(dir, 'none')], /none cannot be read/],
  ])('refuses %s', (_, args, message) => {
    expect(() => login(...args)).toThrow(message);
  });
});
