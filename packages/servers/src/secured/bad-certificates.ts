import { createPrivateKey } from 'node:crypto';
import { createCA, createCert } from 'mkcert';
import { LOOPBACK } from '../ports.ts';

/** A certificate that a client or a server must not trust, with its key. */
export interface BadCertificate {
  cert: string;
  key: string;
}

const NAMES = { organization: 'Somebody else', countryCode: 'XX', state: 'none', locality: 'none' };

/**
 * Certificates for 127.0.0.1 that must be rejected: of another authority, signed by itself, expired, and for another host.
 * @param trusted the authority that clients trust
 */
export async function makeBadCertificates(trusted: BadCertificate): Promise<Record<string, BadCertificate>> {
  const foreign = await createCA({ ...NAMES, validity: 2 });
  const of = async (ca: BadCertificate, domain: string, validity: number): Promise<BadCertificate> => {
    const { cert, key } = await createCert({ ca, domains: [domain], validity });
    // Kafka reads only PKCS #8.
    return { cert, key: createPrivateKey(key).export({ type: 'pkcs8', format: 'pem' }).toString() };
  };
  return {
    'of another authority': await of(foreign, LOOPBACK, 2),
    'signed by itself': { cert: foreign.cert, key: foreign.key },
    expired: await of(trusted, LOOPBACK, -1),
    'for another host': await of(trusted, 'example.com', 2),
  };
}
