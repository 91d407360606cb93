import { expect, test } from 'vitest';
import { clearTextLogins } from './clear-text-logins.ts';
import { parseConfig } from './config.ts';

const PLAIN = { KAFKA_SASL_MECHANISM: 'PLAIN', KAFKA_SASL_USERNAME: 'ada', KAFKA_SASL_PASSWORD: 'secret-1' };
const TOKEN = {
  ...{ KAFKA_SASL_MECHANISM: 'OAUTHBEARER', KAFKA_OAUTH_CLIENT_ID: 'i', KAFKA_OAUTH_CLIENT_SECRET: 'secret-2' },
  KAFKA_OAUTH_TOKEN_URL: 'https://login.example/token',
};
const SCRAM = { ...PLAIN, KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512' };
const REGISTRY = 'registry.example:8081';

test.each<[name: string, env: Record<string, string>, said: RegExp[]]>([
  ['PLAIN without TLS', PLAIN, [/^KAFKA_SASL_MECHANISM=PLAIN without KAFKA_TLS=on/]],
  ['PLAIN with TLS', { ...PLAIN, KAFKA_TLS: 'on' }, []],
  ['SCRAM without TLS, which does not send the password', SCRAM, []],
  ['a token without TLS', TOKEN, [/^KAFKA_SASL_MECHANISM=OAUTHBEARER without/]],
  [
    'a client secret without TLS',
    { ...TOKEN, KAFKA_TLS: 'on', KAFKA_OAUTH_TOKEN_URL: 'http://login.example' },
    [/^KAFKA_OAUTH_TOKEN_URL/],
  ],
  [
    'a password in the address of a registry',
    { SCHEMA_REGISTRY_URL: `http://ada:secret-3@${REGISTRY}` },
    [/^SCHEMA_REGISTRY_URL/],
  ],
  ['a registry without a password', { SCHEMA_REGISTRY_URL: `http://${REGISTRY}` }, []],
  ['no login', {}, []],
])('%s', (_, env, said) => {
  const found = clearTextLogins(parseConfig(env));
  expect(found.map(({ problem }) => problem)).toEqual(said.map((each): unknown => expect.stringMatching(each)));
  expect(JSON.stringify(found)).not.toMatch(/secret-/);
});
