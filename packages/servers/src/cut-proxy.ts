import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { LOOPBACK } from './ports.ts';

export interface CutProxy {
  readonly port: number;
  /** Resets every open connection. @returns how many there were */
  cut(): number;
  /** Resets, once, the first connection that has received this many bytes from the server: in the middle of a large response. */
  cutAfter(bytes: number): void;
  /** Resets every connection and rejects new ones until `allow` is called: the server is unreachable. */
  refuse(): void;
  allow(): void;
  close(): void;
}

/** Forwards connections to a port of this machine, and can reset them. */
export async function startCutProxy(targetPort: number): Promise<CutProxy> {
  const sockets = new Set<Socket>();
  let isRefusing = false;
  let cutAfterBytes = Infinity;
  const server = createServer((client) => {
    if (isRefusing) {
      resetSocket(client);
      return;
    }
    const upstream = connect(targetPort, LOOPBACK);
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.once('error', () => other.destroy()).once('close', () => sockets.delete(socket) && other.destroy());
      socket.pipe(other);
    }
    let bytes = 0;
    upstream.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes < cutAfterBytes) return;
      cutAfterBytes = Infinity;
      resetSocket(client);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, LOOPBACK, resolve));
  const cut = (): number => {
    const open = [...sockets];
    for (const socket of open) resetSocket(socket);
    return open.length / 2;
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    cutAfter: (bytes) => {
      cutAfterBytes = bytes;
    },
    refuse: () => {
      isRefusing = true;
      cut();
    },
    allow: () => {
      isRefusing = false;
    },
    close: () => {
      server.close();
      cut();
    },
  };
}

/**
 * Resets a connection. Node (24.21) never closes a socket that is reset while its `end` is under way: the reset fails with EINVAL, and at
 * the end of the process, Node waits for the socket in a loop that takes a whole CPU. Such a socket is closed without a reset.
 */
export function resetSocket(socket: Socket): void {
  if (socket.writableEnded && !socket.writableFinished) socket.destroy();
  else socket.resetAndDestroy();
}
