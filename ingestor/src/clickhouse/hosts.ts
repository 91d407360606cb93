import type { ClientRequestArgs } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

export interface Host {
  host: string;
  port: number;
}

/** As an agent of Node.js gets it for a new connection. */
export type OnConnection = (error: Error | null, socket: Duplex) => void;

/** A host that does not answer a new connection within this time is skipped. */
const CONNECT_TIMEOUT_MS = 3_000;

/**
 * The replicas of one ClickHouse cluster. New connections go to the last one that worked, and to the next one when it refuses them or never
 * responds. A request that fails with its connection is the caller's to repeat.
 */
export class Hosts {
  readonly #hosts: readonly Host[];
  #current = 0;

  constructor(hosts: readonly Host[]) {
    this.#hosts = hosts;
  }

  /**
   * @param open starts a connection to the host
   * @param readyEvent of the socket: `connect`, or `secureConnect` for TLS
   */
  connect(open: (host: Host) => Socket, readyEvent: 'connect' | 'secureConnect', done: OnConnection): void {
    const failures: string[] = [];
    const tryNext = (): void => {
      const n = this.#current;
      const host = this.#hosts[n] ?? { host: '', port: 0 };
      const socket = open(host);
      const onError = (error: NodeJS.ErrnoException): void => {
        clearTimeout(timer);
        socket.destroy();
        this.#leave(n);
        failures.push(`${host.host}:${host.port}: ${error.message}`);
        if (failures.length < this.#hosts.length) tryNext();
        else done(Object.assign(new Error(failures.join('; ')), { code: error.code }), socket);
      };
      const timer = setTimeout(() => {
        onError(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' }));
      }, CONNECT_TIMEOUT_MS);
      socket.once('error', onError);
      socket.once(readyEvent, () => {
        clearTimeout(timer);
        socket.off('error', onError);
        // A server that hangs accepts connections, because its system does.
        socket.once('close', () => {
          if (socket.bytesRead === 0 && socket.bytesWritten > 0) this.#leave(n);
        });
        done(null, socket);
      });
    };
    tryNext();
  }

  #leave(n: number): void {
    if (n === this.#current) this.#current = (n + 1) % this.#hosts.length;
  }
}

/** The options of a connection, with another host. */
export function toHost<Options extends ClientRequestArgs>(options: Options, { host, port }: Host): Options {
  return { ...options, host, hostname: host, port };
}
