import { createRequire } from 'node:module';

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
