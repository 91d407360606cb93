import { createPrivateKey } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createCA, createCert } from 'mkcert';
import { LOOPBACK } from '../ports.ts';
import { makeBadCertificates, type BadCertificate } from './bad-certificates.ts';

const VALID_DAYS = 2;

/** PEM files of a certificate authority for one run, and of a server and a client certificate that it signed. */
export interface CertificateFiles {
  authority: string;
  /** Certificates that nobody must trust. */
  bad: Readonly<Record<string, BadCertificate>>;
  server: { cert: string; key: string; keyAndCert: string };
  client: { cert: string; key: string };
}

export async function makeCertificates(dir: string): Promise<CertificateFiles> {
  const names = { organization: 'Floorwatch tests', countryCode: 'XX', state: 'none', locality: 'none' };
  const ca = await createCA({ ...names, validity: VALID_DAYS });
  const write = (name: string, text: string): string => {
    const file = join(dir, name);
    writeFileSync(file, text, { mode: 0o600 });
    return file;
  };
  const issue = async (name: string) => {
    const { cert, key } = await createCert({ ca, domains: [LOOPBACK], organization: name, validity: VALID_DAYS });
    // Kafka reads only PKCS #8.
    const pkcs8 = createPrivateKey(key).export({ type: 'pkcs8', format: 'pem' }).toString();
    return {
      cert: write(`${name}.crt`, cert),
      key: write(`${name}.key`, pkcs8),
      keyAndCert: write(`${name}.pem`, pkcs8 + cert),
    };
  };
  return {
    authority: write('authority.crt', ca.cert),
    bad: await makeBadCertificates(ca),
    server: await issue('server'),
    client: await issue('client'),
  };
}
