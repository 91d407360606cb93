import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { describePage } from './page.ts';

export interface PagerOptions {
  host?: string | undefined;
  /** Default: 0, which means a free port. */
  port?: number | undefined;
  onPage: (text: string) => void;
}

export interface Pager {
  /** The URL for Grafana's webhook contact point. */
  url: string;
  port: number;
  stop(): Promise<void>;
}

/**
 * Replaces a paging service in the demo: receives notifications of Grafana's webhook contact point as text.
 * @throws when the port is taken
 */
export async function startPager({ host = '127.0.0.1', port = 0, onPage }: PagerOptions): Promise<Pager> {
  const server = createServer((request, response) => {
    if (request.method === 'GET') {
      response.end('ok\n');
      return;
    }
    receive(request).then(
      (text) => {
        onPage(text);
        response.writeHead(204).end();
      },
      () => response.writeHead(400).end('not a Grafana notification\n')
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  const { port: listening } = server.address() as AddressInfo;
  return {
    url: `http://${host}:${listening}/`,
    port: listening,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

async function receive(request: IncomingMessage): Promise<string> {
  return describePage(await json(request));
}
