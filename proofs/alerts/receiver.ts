import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

export interface Alert {
  status: 'firing' | 'resolved';
  labels: Record<string, string>;
  annotations: Record<string, string>;
  /** When it began to fire. */
  startsAt: string;
}

/** What one page was: Grafana's webhook body, as far as the proof reads it. */
export interface Notification {
  receivedMs: number;
  status: 'firing' | 'resolved';
  title: string;
  message: string;
  alerts: Alert[];
}

/** A real receiver of Grafana's webhook contact point. */
export interface Receiver {
  url: string;
  /** In the order of arrival. */
  notifications: readonly Notification[];
  stop(): void;
}

export async function startReceiver(say: (line: string) => void): Promise<Receiver> {
  const notifications: Notification[] = [];
  const server = createServer((request, response) => {
    json(request).then(
      (body) => {
        const notification = { ...(body as Omit<Notification, 'receivedMs'>), receivedMs: Date.now() };
        notifications.push(notification);
        say(`  page: ${notification.title}`);
        for (const { status, labels, annotations } of notification.alerts)
          if (status === 'resolved' && notification.status === 'firing')
            say(`    with a "resolved": ${labels['alertname']}, ${annotations['detail']}`);
        response.writeHead(204).end();
      },
      () => response.writeHead(400).end()
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    notifications,
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
