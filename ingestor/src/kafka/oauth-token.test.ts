import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { clientCredentialsTokens, TokenError } from './oauth-token.ts';

let server: Server;
afterEach(() => {
  server.close();
});

async function clientOf(respond: (request: IncomingMessage) => { status?: number; body: string }) {
  server = createServer((request, response) => {
    const { status = 200, body } = respond(request);
    request.resume().once('end', () => response.writeHead(status).end(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const tokenUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
  return clientCredentialsTokens({ tokenUrl, clientId: 'floor watch', clientSecret: 'hunter:2', scope: undefined });
}

test('requests a token with the client credentials, and reuses it until it must be renewed', async () => {
  const asked: (string | undefined)[] = [];
  const token = await clientOf((request) => {
    asked.push(request.headers.authorization);
    return {
      body: JSON.stringify({ access_token: `token-${asked.length}`, expires_in: asked.length === 1 ? 0.01 : 60 }),
    };
  });
  expect(await token()).toBe('token-1');
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect([await token(), await token()]).toEqual(['token-2', 'token-2']);
  expect(asked[0]).toBe(`Basic ${Buffer.from('floor%20watch:hunter%3A2').toString('base64')}`);
});

test.each([
  [{ status: 401, body: '{"error":"hunter:2"}' }, /^the token endpoint responds with status 401 at http/],
  [{ body: 'not JSON' }, /contains no access token$/],
])('the error describes the response %o, without the secret', async (answer, message) => {
  const token = await clientOf(() => answer);
  const error = await token().catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(TokenError);
  expect((error as Error).message).toMatch(message);
  expect((error as Error).message).not.toContain('hunter');
});
