import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { LOOPBACK } from '../ports.ts';

export interface TokenServer {
  tokenUrl: string;
  jwksUrl: string;
  issuer: string;
  audience: string;
  close(): void;
}

const KEY_ID = 'floorwatch-interop';
const AUDIENCE = 'kafka';

/** An OAuth 2.0 authorization server with one client. It signs tokens and publishes the key that verifies them. */
export async function startTokenServer(client: { id: string; secret: string }): Promise<TokenServer> {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: KEY_ID, alg: 'RS256', use: 'sig' }] };
  const authorization = `Basic ${Buffer.from(`${client.id}:${client.secret}`).toString('base64')}`;
  let issuer = '';

  const answer = async (path: string | undefined, login: string | undefined): Promise<object | null> => {
    if (path === '/jwks') return jwks;
    if (path !== '/token' || login !== authorization) return null;
    const token = new SignJWT().setProtectedHeader({ alg: 'RS256', kid: KEY_ID }).setIssuedAt().setExpirationTime('5m');
    const access_token = await token.setSubject(client.id).setIssuer(issuer).setAudience(AUDIENCE).sign(privateKey);
    return { access_token, token_type: 'Bearer', expires_in: 300 };
  };
  const server = createServer((request, response) => {
    request.resume();
    void answer(request.url, request.headers.authorization).then((body) =>
      response.writeHead(body ? 200 : 401, { 'content-type': 'application/json' }).end(JSON.stringify(body ?? {}))
    );
  });
  await new Promise<void>((resolve) => server.listen(0, LOOPBACK, resolve));
  issuer = `http://${LOOPBACK}:${(server.address() as AddressInfo).port}`;
  return {
    ...{ issuer, audience: AUDIENCE, tokenUrl: `${issuer}/token`, jwksUrl: `${issuer}/jwks` },
    close: () => server.close(),
  };
}
