import { z } from 'zod';

export interface OAuthClient {
  tokenUrl: string;
  clientId: string;
  clientSecret: string;
  scope: string | undefined;
}

/** A token is renewed after this share of its lifetime. */
const RENEW_AFTER_SHARE = 0.8;
/** Lifetime of a token if the response does not contain it. */
const DEFAULT_LIFE_SECONDS = 60;
const REQUEST_TIMEOUT_MS = 10_000;

const answer = z.object({ access_token: z.string().min(1), expires_in: z.number().positive().optional() });

/** There is no token to log in with. The message contains neither a secret nor a token. */
export class TokenError extends Error {
  override name = 'TokenError';
}

interface Token {
  token: string;
  lifeMs: number;
}

/** Reuses a token until most of its lifetime is over. All who ask while one is requested wait for the same one. */
export function reusedToken(request: () => Promise<Token>): () => Promise<string> {
  let held: { token: string; renewAtMs: number } | null = null;
  let pending: Promise<string> | null = null;
  const renew = async (): Promise<string> => {
    try {
      const { token, lifeMs } = await request();
      held = { token, renewAtMs: Date.now() + lifeMs * RENEW_AFTER_SHARE };
      return token;
    } finally {
      pending = null;
    }
  };
  return () => {
    if (held !== null && Date.now() < held.renewAtMs) return Promise.resolve(held.token);
    return (pending ??= renew());
  };
}

/**
 * Requests access tokens with the client credentials grant (RFC 6749, 4.4), and reuses a token until it must be renewed.
 * The returned function throws `TokenError`.
 */
export function clientCredentialsTokens(client: OAuthClient): () => Promise<string> {
  return reusedToken(() => requestToken(client));
}

async function requestToken({ tokenUrl, clientId, clientSecret, scope }: OAuthClient): Promise<Token> {
  const credentials = [clientId, clientSecret].map(encodeURIComponent).join(':');
  let response: Response;
  try {
    response = await fetch(tokenUrl, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', ...(scope !== undefined && { scope }) }),
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
  } catch (cause) {
    throw new TokenError(`the token endpoint cannot be reached at ${tokenUrl}`, { cause });
  }
  if (!response.ok) throw new TokenError(`the token endpoint responds with status ${response.status} at ${tokenUrl}`);
  const { success, data } = answer.safeParse(await response.json().catch(() => null));
  if (!success) throw new TokenError(`the response of the token endpoint at ${tokenUrl} contains no access token`);
  return { token: data.access_token, lifeMs: (data.expires_in ?? DEFAULT_LIFE_SECONDS) * 1000 };
}
