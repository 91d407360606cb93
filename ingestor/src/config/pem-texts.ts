import { readFileSync } from 'node:fs';
import { checkCertificate, checkPrivateKey, isKeyOf } from './files.ts';

/** PEM texts for TLS. Without `ca`, Node.js's certificates are trusted; without `cert`, no client certificate is sent. */
export interface PemTexts {
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
}

interface PemFile {
  path: string;
  text: string;
}

/**
 * The texts of certificate files as they are now: certificates are replaced while the ingestor runs (cert-manager does it every two
 * months), and each new connection must use the new ones. Files that are just being replaced do not count: until all of them are
 * valid and the key is the certificate's, the texts are those before, and a warning names the file.
 * @param files as they were read at the start
 * @returns an object whose own properties read the files at each access
 */
export function pemTexts(files: Readonly<Record<keyof PemTexts, PemFile | undefined>>): PemTexts {
  const { ca, cert, key } = files;
  let valid: PemTexts = { ca: ca?.text, cert: cert?.text, key: key?.text };
  let warned = '';
  const now = (): PemTexts => {
    try {
      valid = readAll();
      warned = '';
    } catch (error) {
      const problem = `${(error as Error).message} New connections use the certificates that were read before.`;
      if (problem !== warned) process.emitWarning(problem, { type: 'CertificateWarning' });
      warned = problem;
    }
    return valid;
  };
  const readAll = (): PemTexts => {
    const read = {
      ca: ca && readPem(ca.path, checkCertificate),
      cert: cert && readPem(cert.path, checkCertificate),
      key: key && readPem(key.path, checkPrivateKey),
    };
    if (read.cert !== undefined && read.key !== undefined && cert && key && !isKeyOf(read.key, read.cert)) {
      throw new Error(`${key.path} is not the private key of ${cert.path}.`);
    }
    return read;
  };
  // Own properties, because kafkajs copies them when it connects.
  return {
    get ca() {
      return now().ca;
    },
    get cert() {
      return now().cert;
    },
    get key() {
      return now().key;
    },
  };
}

function readPem(path: string, check: (text: string) => unknown): string {
  try {
    const text = readFileSync(path, 'utf8');
    check(text);
    return text;
  } catch (error) {
    throw new Error(`${path} is no longer a readable PEM file: ${(error as Error).message}.`, { cause: error });
  }
}
