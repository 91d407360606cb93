import { readFileSync } from 'node:fs';
import { connect, type AddressInfo } from 'node:net';
import { pipeline } from 'node:stream';
import { createServer } from 'node:tls';
import { LOOPBACK } from '../ports.ts';

/** Paths of PEM files. */
export interface TlsProxyFiles {
  /** Signs the certificates of clients. */
  authority: string;
  server: { cert: string; key: string };
}

export interface TlsProxy {
  /** https:// address of the proxy. */
  url: string;
  close(): void;
}

/**
 * Terminates TLS in front of a port without TLS, as a load balancer does. The ClickHouse of the no-Docker stack needs it:
 * the chdb library opens only HTTP and TCP ports ("supports only TCP and HTTP listeners").
 * @param askForCertificate reject a client whose certificate is not signed by the authority (mutual TLS)
 * @param port 0: a free one
 */
export async function startTlsProxy(
  targetPort: number,
  files: TlsProxyFiles,
  askForCertificate: boolean,
  port = 0
): Promise<TlsProxy> {
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
      // A connection can break at any time. `pipeline` then closes both ends.
      pipeline(client, upstream, () => undefined);
      pipeline(upstream, client, () => undefined);
    }
  );
  await new Promise<void>((resolve) => server.listen(port, LOOPBACK, resolve));
  return {
    url: `https://${LOOPBACK}:${(server.address() as AddressInfo).port}`,
    close: () => server.close(),
  };
}
