import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** A file that is read at start. `check` throws when its text is invalid. */
const fileOf = (allowed: string, check: (text: string) => unknown) =>
  z
    .string()
    .transform((path, context) => {
      try {
        const text = readFileSync(path, 'utf8');
        check(text);
        return { path, text };
      } catch {
        context.addIssue('unreadable');
        return z.NEVER;
      }
    })
    .meta({ allowed });

export const textFile = fileOf('a readable file', () => undefined);
/** @throws Error if the text is no PEM certificate */
export const checkCertificate = (text: string): unknown => new X509Certificate(text);
/** @throws Error if the text is no PEM private key without passphrase */
export const checkPrivateKey = (text: string): unknown => createPrivateKey(text);
/** Of PEM texts that are valid. */
export const isKeyOf = (key: string, cert: string): boolean =>
  new X509Certificate(cert).checkPrivateKey(createPrivateKey(key));

export const certificateFile = fileOf('a readable PEM file of certificates', checkCertificate);
export const privateKeyFile = fileOf('a readable PEM file of a private key without passphrase', checkPrivateKey);
