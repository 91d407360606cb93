import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';

/** One condition for readiness. If it does not hold, `reason` says why. */
export interface ReadinessCheck {
  ok: boolean;
  reason?: string;
}
export type Readiness = Record<string, ReadinessCheck>;

export interface HttpOptions {
  host: string;
  /** 0 selects a free port. */
  port: number;
  registry: Registry;
  readiness: () => Promise<Readiness>;
}

/** `/metrics`, `/healthz` (the process responds) and `/readyz` (503 with the reasons when a check fails). */
export async function startHttpServer(options: HttpOptions): Promise<{ port: number; close: () => void }> {
  const server = createServer((request, response) => {
    answer(request.method, request.url ?? '/', options).then(
      ({ status, type, body }) => response.writeHead(status, { 'content-type': type }).end(body),
      // Not the error: its text may quote ClickHouse.
      () => response.writeHead(500, { 'content-type': 'text/plain' }).end('internal error\n')
    );
  });
  await listen(server, options);
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function answer(method: string | undefined, url: string, { registry, readiness }: HttpOptions) {
  if (method !== 'GET' && method !== 'HEAD') return { status: 405, type: 'text/plain', body: 'only GET and HEAD\n' };
  // Null for a path that is no address, such as //[.
  const pathname = URL.parse(url, 'http://ingestor')?.pathname;
  if (pathname === '/metrics') return { status: 200, type: registry.contentType, body: await registry.metrics() };
  if (pathname === '/healthz') return { status: 200, type: 'application/json', body: '{"alive":true}\n' };
  if (pathname === '/readyz') {
    const checks = await readiness();
    const ready = Object.values(checks).every((check) => check.ok);
    const body = `${JSON.stringify({ ready, checks })}\n`;
    return { status: ready ? 200 : 503, type: 'application/json', body };
  }
  return { status: 404, type: 'text/plain', body: '/metrics /healthz /readyz\n' };
}

function listen(server: Server, { host, port }: HttpOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(port, host, () => {
      resolve();
    });
  });
}
