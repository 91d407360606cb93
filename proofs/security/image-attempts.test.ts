import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isIgnored, sourcesOf } from './dockerfile.ts';
import { archiveAttempts, checkChanged } from './archive-attempts.ts';
import { buildSecrets, imageAttempts, plantedIn, secretInstructions } from './image-attempts.ts';
import { credentialsIn, isSecretFile, SECRET_FILES } from './secret-forms.ts';

const attempts = imageAttempts();

test.each(attempts.map((attempt) => [attempt.attempt, attempt] as const))('%s', async (_, { run, expected }) => {
  expect(await run()).toBe(expected);
});

test('each Dockerfile and each compose file is tried, and the archive too', () => {
  expect(attempts.length).toBe(4 * 3 + 2);
  expect(archiveAttempts('unused').length).toBeGreaterThan(4);
});

test('a changed archive proves nothing unless the unchanged one is accepted', () => {
  const folder = mkdtempSync(join(tmpdir(), 'floorwatch-archive-'));
  try {
    const bytes = Buffer.from('the files of the plugin');
    const write = (sum: string): void => {
      writeFileSync(join(folder, 'a.zip'), bytes);
      writeFileSync(join(folder, 'a.zip.sha256'), sum);
    };
    write(`${createHash('sha256').update(bytes).digest('hex')}  a.zip\n`);
    expect(checkChanged(folder)).toBe('rejected');
    write(`${'0'.repeat(64)}  a.zip\n`);
    expect(checkChanged(folder)).toBe('the unchanged archive is rejected too');
    rmSync(join(folder, 'a.zip.sha256'));
    writeFileSync(join(folder, 'a.zip'), bytes);
    expect(checkChanged(folder)).toBe('the unchanged archive is rejected too');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.each([
  ['node_modules/a', 'node_modules', true],
  ['plugin/node_modules/a', '**/node_modules', true],
  ['plugin/.env', '.env', false],
  ['plugin/.env', '**/.env', true],
  ['.env', '**/.env', true],
  ['a/b.key', '*.key', false],
  ['a/b.key', '**/*.key\n!a/b.key', false],
  ['a/b.key', '# **/*.key', false],
])('%s is kept out of the build by %j: %s', (file, dockerignore, isOut) => {
  expect(isIgnored(file, dockerignore)).toBe(isOut);
});

test('a Dockerfile that copies folders, without patterns for secrets, would copy them', () => {
  const dockerfile = 'FROM a\nCOPY --chmod=555 \\\n  demo sql /app/\nCOPY --from=build /secrets /\n';
  expect(sourcesOf(dockerfile)).toEqual(['demo', 'sql']);
  const found = plantedIn(dockerfile, '.env');
  expect(found).toEqual(expect.arrayContaining(['demo/.env', 'sql/inner/id_rsa', 'sql/server/config.d/kafka.xml']));
  expect(found).not.toContain('.env');
  expect(plantedIn('FROM a\nCOPY . .\n', '')).toEqual(expect.arrayContaining(['.git/config', '.env']));
});

test.each([
  ['ARG NPM_TOKEN', ['ARG NPM_TOKEN']],
  ['ENV GF_SECURITY_ADMIN_PASSWORD=admin', ['ENV GF_SECURITY_ADMIN_PASSWORD']],
  ['RUN curl https://user:password@127.0.0.1/a', ['RUN curl']],
  ['RUN NPM_TOKEN=abc npm ci', ['RUN NPM_TOKEN']],
  ['# ENV A_PASSWORD=x\nENV NODE_ENV=production\nRUN npm ci', []],
])('%s: a secret in the history', (dockerfile, found) => {
  expect(secretInstructions(`FROM a\n${dockerfile}\n`)).toEqual(found);
});

test('arguments and secrets of a build are found', () => {
  const services =
    'services:\n  a:\n    build: { context: ., args: { TOKEN: $TOKEN } }\n  b:\n    build: { context: . }\n';
  expect(buildSecrets(services)).toEqual(['a']);
});

test('credentials and files with secrets are recognised, examples and other files are not', () => {
  const key = `-----BEGIN PRIVATE KEY-----\n${'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC'.repeat(2)}`;
  expect(credentialsIn(`a ${key} b`)).toEqual(['a private key']);
  expect(credentialsIn(`x ghp_${'a1'.repeat(18)}`)).toEqual(['a token of GitHub']);
  expect(credentialsIn('password of the desk: s3cret-of-a-desk', ['s3cret-of-a-desk'])).toEqual([
    'a secret of this checkout',
  ]);
  expect(credentialsIn("['PRIVATE KEY', 'eyJ'] http://user:password@127.0.0.1")).toEqual([]);
  expect(SECRET_FILES.filter((name) => !isSecretFile(`a/${name}`))).toEqual([]);
  expect(['a/README.md', 'a/tokens.ts', 'a/key.ts', 'package.json'].filter(isSecretFile)).toEqual([]);
});
