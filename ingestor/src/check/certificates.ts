import { X509Certificate } from 'node:crypto';
import { connect } from 'node:tls';
import type { Config } from '../config/config.ts';
import { failed, messageOf, ok, warning, type Finding } from './finding.ts';

const SOON_DAYS = 30;
const DAY_MS = 86_400_000;
const CONNECT_TIMEOUT_MS = 5_000;

export function expiryFinding(check: string, validToMs: number, nowMs: number): Finding {
  const days = Math.floor((validToMs - nowMs) / DAY_MS);
  const date = new Date(validToMs).toISOString().slice(0, 10);
  const remedy = 'Renew it. The ingestor reads its files again for each new connection.';
  if (validToMs <= nowMs) return failed(check, `expired on ${date}`, remedy);
  if (days < SOON_DAYS) return warning(check, `expires in ${days} days, on ${date}`, remedy);
  return ok(check, `valid until ${date}`);
}

type Pem = Config['clickhouse']['tls'];

/** The certificates in our own files: the trusted issuers and the client certificate. */
function ownFindings(of: string, { ca, cert }: Pem, nowMs: number): Finding[] {
  const files = [
    [`${of}_TLS_CA_FILE`, ca],
    [`${of}_TLS_CERT_FILE`, cert],
  ] as const;
  return files.flatMap(([name, text]) =>
    text === undefined
      ? []
      : [expiryFinding(`certificate ${name}`, Date.parse(new X509Certificate(text).validTo), nowMs)]
  );
}

/** The certificate that a server presents, trusted or not: the connection check reports trust. */
async function serverFinding(host: string, port: number, { ca, cert, key }: Pem, nowMs: number): Promise<Finding> {
  const check = `certificate of ${host}:${port}`;
  try {
    const validTo = await new Promise<string>((resolve, reject) => {
      const socket = connect({ host, port, ca, cert, key, servername: serverName(host), rejectUnauthorized: false });
      socket.setTimeout(CONNECT_TIMEOUT_MS, () => socket.destroy(new Error('timeout')));
      socket.once('error', reject);
      socket.once('secureConnect', () => {
        resolve(socket.getPeerCertificate().valid_to);
        socket.end();
      });
    });
    return expiryFinding(check, Date.parse(validTo), nowMs);
  } catch (error) {
    return failed(check, `cannot be read: ${messageOf(error)}`, 'Check host and port, and that the port uses TLS.');
  }
}

/** SNI does not allow IP addresses. */
function serverName(host: string): string {
  return /^[\d.]+$|:/.test(host) ? '' : host;
}

export async function certificateFindings({ kafka, clickhouse }: Config, nowMs: number): Promise<Finding[]> {
  const findings: Finding[] = [];
  if (kafka.tls) {
    findings.push(...ownFindings('KAFKA', kafka.tls, nowMs));
    for (const broker of kafka.brokers) {
      const [, host = '', port] = /^\[?(.+?)\]?:(\d+)$/.exec(broker) ?? [];
      findings.push(await serverFinding(host, Number(port), kafka.tls, nowMs));
    }
  }
  if (clickhouse.url.startsWith('https:')) {
    findings.push(...ownFindings('CLICKHOUSE', clickhouse.tls, nowMs));
    for (const { host, port } of clickhouse.hosts)
      findings.push(await serverFinding(host, port, clickhouse.tls, nowMs));
  }
  return findings;
}
