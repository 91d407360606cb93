import { readFileSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import type { SecuredServers } from '@floorwatch/servers/secured/servers';
import kafkajs, { type SASLOptions } from 'kafkajs';
import type { Attempt } from '../access/attempt.ts';

const WAIT_MS = 5_000;
/** An ApiVersions request, which a broker answers before anybody has logged in. */
const API_VERSIONS = Buffer.from([0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 0, 255, 255]);

/** What somebody tries at the listeners of the broker. */
export function kafkaAttempts({ brokers, certificates, login }: SecuredServers): Attempt[] {
  const authority = readFileSync(certificates.authority);
  const mutual = (attempt: string, own: ConnectionOptions): Attempt => ({
    attempt: `Kafka with mutual TLS: ${attempt}`,
    expected: 'rejected',
    run: () => tryTls(brokers.mtls, { ca: authority, ...own }),
  });
  const withLogin = (attempt: string, sasl?: SASLOptions, expected = 'rejected'): Attempt => ({
    attempt: `Kafka with SASL: ${attempt}`,
    expected,
    run: () => tryLogin(brokers.sasl, authority, sasl),
  });
  const { username } = login;
  const password = 'a wrong password';
  const own = { cert: readFileSync(certificates.client.cert), key: readFileSync(certificates.client.key) };
  return [
    ...(['tls', 'mtls', 'sasl'] as const).map((listener) => ({
      attempt: `Kafka: plain text to its ${listener.toUpperCase()} listener`,
      expected: 'rejected',
      run: () => tryPlainText(brokers[listener]),
    })),
    ...(['TLSv1', 'TLSv1.1'] as const).map((version) => ({
      attempt: `Kafka: ${version}`,
      expected: 'rejected',
      run: () =>
        tryTls(brokers.tls, { ca: authority, minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0' }),
    })),
    { ...mutual('the right certificate', own), expected: 'allowed' },
    mutual('no certificate', {}),
    ...Object.entries(certificates.bad)
      // A broker does not compare the name of a client with its address.
      .filter(([name]) => name !== 'for another host')
      .map(([name, certificate]) => mutual(`a certificate ${name}`, certificate)),
    withLogin('the right password', { mechanism: 'scram-sha-512', username, password: login.password }, 'allowed'),
    withLogin('no login'),
    ...(['plain', 'scram-sha-256', 'scram-sha-512'] as const).flatMap((mechanism) => [
      withLogin(`${mechanism}, a wrong password`, { mechanism, username, password }),
      withLogin(`${mechanism}, an empty password`, { mechanism, username, password: '' }),
      withLogin(`${mechanism}, an unknown user`, { mechanism, username: 'nobody', password: login.password }),
    ]),
    withLogin('a token without a signature', token({ alg: 'none' })),
    withLogin('a token that somebody else signed', token({ alg: 'RS256', kid: 'floorwatch-interop' })),
  ];
}

/** A token of the right form, with a signature that nobody made. */
function token(header: object): SASLOptions {
  const seconds = Math.floor(Date.now() / 1000);
  const claims = { sub: 'floorwatch', iss: 'http://127.0.0.1', aud: 'kafka', iat: seconds, exp: seconds + 300 };
  const parts = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
  const value = [...parts, Buffer.from('signature').toString('base64url')].join('.');
  return { mechanism: 'oauthbearer', oauthBearerProvider: () => Promise.resolve({ value }) };
}

/** `allowed` when the broker answers a request in plain text. */
export function tryPlainText(address: string): Promise<string> {
  const [host = '', port = ''] = address.split(':');
  return firstAnswer(connectTcp(Number(port), host), 'connect');
}

function tryTls(address: string, options: ConnectionOptions): Promise<string> {
  const [host = '', port = ''] = address.split(':');
  return firstAnswer(connectTls({ host, port: Number(port), ...options }), 'secureConnect');
}

type Socket = ReturnType<typeof connectTcp>;

function firstAnswer(socket: Socket, ready: string): Promise<string> {
  return new Promise((resolve) => {
    const end = (seen: string): void => {
      resolve(seen);
      socket.destroy();
    };
    socket.once(ready, () => socket.write(API_VERSIONS));
    // A TLS alert in plain text is not an answer to the request: its correlation id would be 0.
    socket.once('data', (data: Buffer) => {
      end(data.length > 8 && data.readInt32BE(4) === 0 ? 'allowed' : 'rejected');
    });
    socket.once('error', () => {
      end('rejected');
    });
    socket.once('close', () => {
      end('rejected');
    });
    socket.setTimeout(WAIT_MS, () => {
      end('no answer');
    });
  });
}

async function tryLogin(broker: string, ca: Buffer, sasl: SASLOptions | undefined): Promise<string> {
  const client = new kafkajs.Kafka({
    ...{ brokers: [broker], ssl: { ca: [ca] }, logLevel: kafkajs.logLevel.NOTHING, retry: { retries: 0 } },
    ...(sasl && { sasl }),
    ...{ connectionTimeout: WAIT_MS, authenticationTimeout: WAIT_MS, requestTimeout: WAIT_MS },
  });
  const admin = client.admin();
  try {
    await admin.connect();
    await admin.listTopics();
    return 'allowed';
  } catch {
    return 'rejected';
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}
