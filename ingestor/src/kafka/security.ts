import type { KafkaConfig, SASLOptions } from 'kafkajs';
import type { Config } from '../config/config.ts';
import { mskIamTokens } from './msk-iam-token.ts';
import { clientCredentialsTokens } from './oauth-token.ts';

/** Encryption and login options of kafkajs. */
export function kafkaSecurity({ tls, sasl }: Config['kafka']): Pick<KafkaConfig, 'ssl' | 'sasl'> {
  return {
    // The object itself: kafkajs copies its texts for each connection, so a renewed certificate is used.
    ...(tls && { ssl: tls }),
    ...(sasl && { sasl: saslOptions(sasl) }),
  };
}

function saslOptions(sasl: NonNullable<Config['kafka']['sasl']>): SASLOptions {
  switch (sasl.mechanism) {
    case 'PLAIN':
      return { mechanism: 'plain', ...sasl.login };
    case 'SCRAM-SHA-256':
      return { mechanism: 'scram-sha-256', ...sasl.login };
    case 'SCRAM-SHA-512':
      return { mechanism: 'scram-sha-512', ...sasl.login };
    case 'OAUTHBEARER':
      return bearer(clientCredentialsTokens(sasl.client));
    case 'aws-msk-iam':
      return bearer(mskIamTokens(sasl.region));
  }
}

function bearer(token: () => Promise<string>): SASLOptions {
  return { mechanism: 'oauthbearer', oauthBearerProvider: async () => ({ value: await token() }) };
}
