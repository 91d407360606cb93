import { createRequire } from 'node:module';
import type { Values } from './variables.ts';

/** Null when no mechanism is set. The configuration is already validated: all values that the mechanism needs are set. */
export function kafkaSasl(v: Values) {
  const mechanism = v.KAFKA_SASL_MECHANISM;
  if (mechanism === undefined) return null;
  if (mechanism === 'OAUTHBEARER') {
    const client = {
      tokenUrl: v.KAFKA_OAUTH_TOKEN_URL ?? '',
      clientId: v.KAFKA_OAUTH_CLIENT_ID ?? '',
      clientSecret: v.KAFKA_OAUTH_CLIENT_SECRET ?? '',
      scope: v.KAFKA_OAUTH_SCOPE,
    };
    return { mechanism, client } as const;
  }
  if (mechanism === 'aws-msk-iam') return { mechanism, region: v.KAFKA_AWS_REGION ?? '' } as const;
  return {
    mechanism,
    login: { username: v.KAFKA_SASL_USERNAME ?? '', password: v.KAFKA_SASL_PASSWORD ?? '' },
  } as const;
}

/** Signs tokens for Amazon MSK. It brings the AWS SDK, so it is installed by those who use it, and loaded only then. */
export const MSK_IAM_SIGNER = 'aws-msk-iam-sasl-signer-js';

export function isMskIamSignerInstalled(): boolean {
  try {
    createRequire(import.meta.url).resolve(MSK_IAM_SIGNER);
    return true;
  } catch {
    return false;
  }
}
