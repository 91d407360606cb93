import { reusedToken, TokenError } from './oauth-token.ts';

/**
 * Tokens for the IAM login of Amazon MSK: URLs that are signed here with the credentials that the AWS SDK finds (environment, profile, web
 * identity, container or instance role). The returned function throws `TokenError`.
 */
export function mskIamTokens(region: string): () => Promise<string> {
  return reusedToken(async () => {
    try {
      const { generateAuthToken } = await import('aws-msk-iam-sasl-signer-js');
      const { token, expiryTime } = await generateAuthToken({ region });
      return { token, lifeMs: expiryTime - Date.now() };
    } catch (cause) {
      throw new TokenError(`the AWS credentials for Amazon MSK cannot be read: ${(cause as Error).message}`);
    }
  });
}
