import { LOOPBACK } from './ports.ts';

/** Listeners in addition to the one without security: TLS, mutual TLS, and SASL over TLS. */
export interface SecureListeners {
  ports: Readonly<Record<'tls' | 'mtls' | 'sasl', number>>;
  /** PEM file of the broker's private key (PKCS #8) and certificate. */
  keyStoreFile: string;
  /** PEM file of the certificates that sign client certificates. */
  trustStoreFile: string;
  /** The user of PLAIN and SCRAM. */
  username: string;
  password: string;
  /** Keys that sign valid OAUTHBEARER tokens, and the claims that these tokens must have. */
  jwksUrl: string;
  issuer: string;
  audience: string;
}

const MODULES = 'org.apache.kafka.common.security';
const SCRAM = ['SCRAM-SHA-256', 'SCRAM-SHA-512'] as const;

export function listenerAddresses({ ports }: SecureListeners): string[] {
  return Object.entries(ports).map(([name, port]) => `${name.toUpperCase()}://${LOOPBACK}:${port}`);
}

export function secureListenerProperties(secure: SecureListeners): Record<string, string> {
  const { username, password } = secure;
  const oauth = 'listener.name.sasl.oauthbearer.sasl';
  return {
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,TLS:SSL,MTLS:SSL,SASL:SASL_SSL',
    'inter.broker.listener.name': 'PLAINTEXT',
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': secure.keyStoreFile,
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': secure.trustStoreFile,
    'listener.name.mtls.ssl.client.auth': 'required',
    'listener.name.sasl.sasl.enabled.mechanisms': ['PLAIN', ...SCRAM, 'OAUTHBEARER'].join(','),
    'listener.name.sasl.plain.sasl.jaas.config': `${MODULES}.plain.PlainLoginModule required user_${username}="${password}";`,
    ...Object.fromEntries(
      SCRAM.map((mechanism) => [
        `listener.name.sasl.${mechanism.toLowerCase()}.sasl.jaas.config`,
        `${MODULES}.scram.ScramLoginModule required;`,
      ])
    ),
    [`${oauth}.jaas.config`]: `${MODULES}.oauthbearer.OAuthBearerLoginModule required;`,
    [`${oauth}.server.callback.handler.class`]: `${MODULES}.oauthbearer.OAuthBearerValidatorCallbackHandler`,
    [`${oauth}.oauthbearer.jwks.endpoint.url`]: secure.jwksUrl,
    [`${oauth}.oauthbearer.expected.issuer`]: secure.issuer,
    [`${oauth}.oauthbearer.expected.audience`]: secure.audience,
  };
}

/** The broker stores SCRAM users in its data folder. They are written when the folder is formatted. */
export function scramFormatArguments({ username, password }: SecureListeners): string[] {
  return SCRAM.flatMap((mechanism) => ['--add-scram', `${mechanism}=[name=${username},password=${password}]`]);
}

/** Kafka fetches keys only from the addresses that this property names. */
export function jvmArguments({ jwksUrl }: SecureListeners): string[] {
  return [`-Dorg.apache.kafka.sasl.oauthbearer.allowed.urls=${jwksUrl}`];
}
