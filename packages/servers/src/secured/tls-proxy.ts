import { readFileSync } from 'node:fs';
import { connect, type AddressInfo } from 'node:net';
import { pipeline } from 'node:stream';
import { createServer } from 'node:tls';
import { LOOPBACK } from '../ports.ts';
import type { CertificateFiles } from './certificates.ts';

export interface TlsFront {
  /** https:// address of the port behind it. */
  url: string;
  close(): void;
}

/**
 * Ends TLS before a port that speaks none, as a load balancer does. The ClickHouse of the no-Docker stack needs one:
 * its library opens HTTP and TCP ports only ("supports only TCP and HTTP listeners").
 * @param askForCertificate refuse a client whose certificate the authority does not vouch for (mutual TLS)
 */
export async function startTlsFront(
  targetPort: number,
  files: CertificateFiles,
  askForCertificate: boolean
): Promise<TlsFront> {
  const server = createServer(
    {
      cert: readFileSync(files.server.cert),
      key: readFileSync(files.server.key),
      ca: readFileSync(files.authority),
      requestCert: askForCertificate,
      rejectUnauthorized: askForCertificate,
    },
    (client) => {
      const upstream = connect(targetPort, LOOPBACK);
      // A connection may break off at any time; both ends are then closed, which is all there is to do.
      pipeline(client, upstream, () => undefined);
      pipeline(upstream, client, () => undefined);
    }
  );
  await new Promise<void>((resolve) => server.listen(0, LOOPBACK, resolve));
  return {
    url: `https://${LOOPBACK}:${(server.address() as AddressInfo).port}`,
    close: () => server.close(),
  };
}
