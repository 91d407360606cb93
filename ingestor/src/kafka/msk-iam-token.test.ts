import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { parseConfig } from '../config/config.ts';
import { createKafka } from './kafka-client.ts';
import { mskIamTokens } from './msk-iam-token.ts';
import { TokenError } from './oauth-token.ts';

const SECRETS = { AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI', AWS_SESSION_TOKEN: 'IQoJb3JpZ2luX2Vj' };

beforeEach(() => {
  const found = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', ...SECRETS, AWS_CREDENTIAL_EXPIRATION: '', AWS_PROFILE: '' };
  // Nothing of this machine: no profile, no instance role.
  const absent = { AWS_CONFIG_FILE: '/none', AWS_SHARED_CREDENTIALS_FILE: '/none', AWS_EC2_METADATA_DISABLED: 'true' };
  for (const [name, value] of Object.entries({ ...found, ...absent })) vi.stubEnv(name, value);
});
let server: Server | undefined;
afterEach(() => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
  server?.close();
});

const urlOf = (token: string) => new URL(Buffer.from(token, 'base64url').toString());

const API = { versions: 18, handshake: 17, authenticate: 36 };
const int16 = (n: number) => Buffer.of(n >> 8, n & 0xff);
const int32 = (n: number) => Buffer.concat([int16(n >> 16), int16(n & 0xffff)]);
const text = (s: string) => Buffer.concat([int16(s.length), Buffer.from(s)]);

/** A broker that accepts no login. @returns its address, and what clients sent to log in */
async function brokerThatDeniesLogins(): Promise<{ broker: string; logins: string[] }> {
  const logins: string[] = [];
  const answer = (socket: Socket, request: Buffer): void => {
    const api = request.readInt16BE(4);
    const correlationId = request.subarray(8, 12);
    const bodyAt = 14 + Math.max(0, request.readInt16BE(12));
    const supported = Object.values(API).map((key) => Buffer.concat([int16(key), int16(0), int16(0)]));
    const body =
      api === API.versions
        ? [int16(0), int32(supported.length), ...supported]
        : api === API.handshake
          ? [int16(0), int32(1), text('OAUTHBEARER')]
          : [int16(58), text('denied'), int32(-1)];
    if (api === API.authenticate) logins.push(request.subarray(bodyAt + 4).toString('latin1'));
    const bytes = Buffer.concat([correlationId, ...body]);
    socket.write(Buffer.concat([int32(bytes.length), bytes]));
  };
  const listening = createServer((socket) => {
    let waiting = Buffer.alloc(0);
    socket
      .on('error', () => undefined)
      .on('data', (data) => {
        waiting = Buffer.concat([waiting, data]);
        while (waiting.length >= 4 && waiting.length >= 4 + waiting.readInt32BE(0)) {
          const end = 4 + waiting.readInt32BE(0);
          answer(socket, waiting.subarray(0, end));
          waiting = waiting.subarray(end);
        }
      });
  }).listen(0, '127.0.0.1');
  server = listening;
  await once(listening, 'listening');
  return { broker: `127.0.0.1:${(listening.address() as AddressInfo).port}`, logins };
}

test('kafkajs sends a URL that is signed for the region, and no secret is logged', async () => {
  const { broker, logins } = await brokerThatDeniesLogins();
  const env = { KAFKA_SASL_MECHANISM: 'aws-msk-iam', KAFKA_AWS_REGION: 'eu-central-1', KAFKA_TLS: 'on' };
  const { kafka } = parseConfig({ ...env, KAFKA_BROKERS: broker });
  const lines: string[] = [];
  const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
  const admin = createKafka({ ...kafka, tls: null }, log, 0).admin();
  await expect(admin.connect()).rejects.toThrow(/authentication failed: denied/);
  await admin.disconnect();

  const [, bearer = ''] = logins[0]?.split('\x01') ?? [];
  const [, token = ''] = /^auth=Bearer ([\w-]+)$/.exec(bearer) ?? [];
  const url = urlOf(token);
  expect(url.host).toBe('kafka.eu-central-1.amazonaws.com');
  const said = Object.fromEntries(url.searchParams);
  expect(said).toMatchObject({
    ...{ Action: 'kafka-cluster:Connect', 'X-Amz-Algorithm': 'AWS4-HMAC-SHA256', 'X-Amz-Expires': '900' },
    'X-Amz-Credential': expect.stringMatching(
      /^AKIDEXAMPLE\/\d{8}\/eu-central-1\/kafka-cluster\/aws4_request$/
    ) as string,
    'X-Amz-Signature': expect.stringMatching(/^[0-9a-f]{64}$/) as string,
  });
  expect(lines.length).toBeGreaterThan(0);
  for (const secret of [...Object.values(SECRETS), token, said['X-Amz-Signature']]) {
    expect(lines.join('')).not.toContain(secret);
  }
});

test('a token is reused, and renewed before it or the credentials expire', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.setSystemTime('2026-11-28T12:00:00Z');
  const at = (minutes: number) => Date.UTC(2026, 10, 28, 12, minutes);
  const token = mskIamTokens('eu-central-1');
  const [first, same] = await Promise.all([token(), token()]);
  expect(same).toBe(first);
  vi.setSystemTime(at(11));
  expect(await token()).toBe(first);
  vi.setSystemTime(at(13));
  const second = await token();
  expect(urlOf(second).searchParams.get('X-Amz-Date')).toBe('20261128T121300Z');

  vi.stubEnv('AWS_CREDENTIAL_EXPIRATION', '2026-11-28T12:18:00Z');
  const short = mskIamTokens('eu-central-1');
  const third = await short();
  expect(urlOf(third).searchParams.get('X-Amz-Expires')).toBe('300');
  vi.setSystemTime(at(17) + 30_000);
  expect(await short()).not.toBe(third);
});

test('without credentials, the error says so', async () => {
  for (const name of ['AWS_ACCESS_KEY_ID', ...Object.keys(SECRETS)]) vi.stubEnv(name, '');
  const error = await mskIamTokens('eu-central-1')().catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(TokenError);
  expect((error as Error).message).toMatch(/^the AWS credentials for Amazon MSK cannot be read: ./);
});
