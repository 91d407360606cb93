import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY_DIR } from '@floorwatch/servers/paths';
import { parse } from 'yaml';
import type { Attempt } from '../access/attempt.ts';
import { instructionsOf, isCopied, isIgnored, sourcesOf } from './dockerfile.ts';
import { credentialsIn, isSecretFile, SECRET_FILES, secretsOfCheckout } from './secret-forms.ts';

/** Other files that a desk has and an image must not: they can hold addresses with tokens, passwords and configuration of its own. */
const OTHER_PRIVATE_FILES = ['.git/config', '.floorwatch/passwords.env', 'sql/server/config.d/kafka.xml'];
const MOST_NAMED = 5;
/** Larger files are packages and pictures. */
const MOST_BYTES = 4 * 1024 * 1024;

/** Where an image could get a secret from: files of the checkout, its instructions, and what compose hands to the build. */
export function imageAttempts(): Attempt[] {
  const read = (file: string): string => readFileSync(join(REPOSITORY_DIR, file), 'utf8');
  const dockerignore = read('.dockerignore');
  const dockerfiles = globSync('**/Dockerfile', {
    cwd: REPOSITORY_DIR,
    exclude: ['**/node_modules', '.floorwatch'],
  }).sort();
  const compose = globSync('docker-compose*.yml', { cwd: REPOSITORY_DIR }).sort();
  return [
    ...dockerfiles.flatMap((file): Attempt[] => {
      const text = read(file);
      return [
        {
          attempt: `image of ${file}: copies a file with secrets that lies anywhere in the checkout`,
          expected: 'none',
          run: async () => Promise.resolve(named(plantedIn(text, dockerignore))),
        },
        {
          attempt: `image of ${file}: keeps a secret in its history (build arguments, variables, labels, commands)`,
          expected: 'none',
          run: async () => Promise.resolve(named(secretInstructions(text))),
        },
        {
          attempt: `image of ${file}: a key, token or password in the files that it copies`,
          expected: 'none',
          run: async () => Promise.resolve(named(credentialsInFiles(text, dockerignore))),
        },
      ];
    }),
    ...compose.map((file): Attempt => ({
      attempt: `images: ${file} hands secrets to a build`,
      expected: 'none',
      run: async () => Promise.resolve(named(buildSecrets(read(file)))),
    })),
  ];
}

/** Files with secrets that the build would copy if they lay in the root or in any folder that it copies. */
export function plantedIn(dockerfile: string, dockerignore: string): string[] {
  const sources = sourcesOf(dockerfile);
  const copied = sources.filter((source) => statSync(join(REPOSITORY_DIR, source)).isDirectory());
  const folders = ['', ...copied.flatMap((source) => [`${source}/`, `${source}/inner/`])];
  const planted = folders.flatMap((folder) => SECRET_FILES.map((name) => folder + name));
  return [...planted, ...OTHER_PRIVATE_FILES].filter((file) => isCopied(file, sources, dockerignore));
}

/** Instructions whose text stays in the image and names or holds a secret. */
export function secretInstructions(dockerfile: string): string[] {
  return instructionsOf(dockerfile)
    .filter(({ name, rest }) => {
      const isSet = /^(ARG|ENV|LABEL)$/.test(name) && /PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE/i.test(rest);
      const isCommand =
        /^(RUN|CMD|ENTRYPOINT)$/.test(name) &&
        /(PASSWORD|TOKEN|SECRET)\w*=\S|--(password|token)[= ]\S|:\/\/[^\s/]+:[^\s/]+@/i.test(rest);
      return isSet || isCommand || credentialsIn(rest).length > 0;
    })
    .map(({ name, rest }) => `${name} ${rest.split(/[\s=]/)[0] ?? ''}`);
}

function credentialsInFiles(dockerfile: string, dockerignore: string): string[] {
  const known = secretsOfCheckout(REPOSITORY_DIR);
  const files = sourcesOf(dockerfile).flatMap((source) => filesUnder(source, dockerignore));
  if (files.length === 0) throw new Error('the build copies no file');
  return files.flatMap((file) => {
    if (isSecretFile(file)) return [file];
    const bytes = readFileSync(join(REPOSITORY_DIR, file));
    return bytes.length > MOST_BYTES
      ? []
      : credentialsIn(bytes.toString('latin1'), known).map((what) => `${file}: ${what}`);
  });
}

function filesUnder(source: string, dockerignore: string): string[] {
  if (!statSync(join(REPOSITORY_DIR, source)).isDirectory()) return isIgnored(source, dockerignore) ? [] : [source];
  const entries = globSync(`${source}/**`, {
    cwd: REPOSITORY_DIR,
    withFileTypes: true,
    exclude: (entry) => entry.name === 'node_modules',
  });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(REPOSITORY_DIR.length + 1))
    .filter((file) => !isIgnored(file, dockerignore));
}

interface ComposeFile {
  services: Record<string, { build?: { args?: object; secrets?: unknown; ssh?: unknown } }>;
}

export function buildSecrets(compose: string): string[] {
  const { services } = parse(compose, { logLevel: 'error' }) as ComposeFile;
  return Object.entries(services)
    .filter(([, { build }]) => build?.args !== undefined || build?.secrets !== undefined || build?.ssh !== undefined)
    .map(([name]) => name);
}

/** `none`, or the first of them and how many more there are. */
function named(found: readonly string[]): string {
  if (found.length === 0) return 'none';
  const more = found.length > MOST_NAMED ? ` and ${found.length - MOST_NAMED} more` : '';
  return found.slice(0, MOST_NAMED).join(', ') + more;
}
