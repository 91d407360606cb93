import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';

/** A shorter one, such as `admin`, is a word of many texts. */
const SHORTEST_SECRET = 12;

/** What a credential looks like, wherever it is. Short examples in documents and tests do not have these forms. */
const CREDENTIALS: Readonly<Record<string, RegExp>> = {
  'a private key': /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s+[A-Za-z0-9+/=]{32}/,
  'a token of GitHub': /\bgh[pousr]_[A-Za-z0-9]{36}/,
  'a token of Grafana': /\bgl(?:sa|c)_[A-Za-z0-9_]{32}/,
  'a token of npm': /\bnpm_[A-Za-z0-9]{36}/,
  'a key of AWS': /\bAKIA[0-9A-Z]{16}\b/,
  'a token of Slack': /\bxox[abpr]-[A-Za-z0-9-]{10}/,
  'an address of a Slack webhook': /hooks\.slack\.com\/services\/[A-Z0-9]+\/[A-Z0-9]+\/[A-Za-z0-9]{8}/,
  'a signed token': /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10}/,
};

/** Names of files that hold secrets, in any folder. */
export const SECRET_FILES = [
  ...['.env', '.env.production', '.npmrc', '.netrc', 'id_ed25519', 'id_rsa', 'kubeconfig'],
  ...['server.key', 'client.pem', 'identity.p12', 'kafka.keystore.jks', 'reader.password', 'grafana.token'],
];

/** Whether a path is that of a file with secrets. */
export function isSecretFile(path: string): boolean {
  const name = path.split('/').at(-1) ?? '';
  return SECRET_FILES.includes(name) || /^\.env(\.|$)|\.(key|pem|p12|jks|password|token)$/.test(name);
}

/** Which credentials, or which of these known secrets, a text contains; never the secrets themselves. */
export function credentialsIn(text: string, known: readonly string[] = []): string[] {
  const formed = Object.entries(CREDENTIALS).filter(([, form]) => form.test(text));
  return [
    ...formed.map(([name]) => name),
    ...(known.some((secret) => text.includes(secret)) ? ['a secret of this checkout'] : []),
  ];
}

/** Passwords and tokens of this checkout: those of `.env`, and the ones that `npm start` made. */
export function secretsOfCheckout(root: string): string[] {
  const files = globSync(['.env', '.floorwatch/**/passwords*'], { cwd: root });
  return files
    .flatMap((file) => Object.entries(parseEnv(readFileSync(join(root, file), 'utf8'))))
    .filter(([name, value = '']) => /PASSWORD|SECRET|TOKEN|KEY/.test(name) && value.length >= SHORTEST_SECRET)
    .map(([, value = '']) => value);
}
