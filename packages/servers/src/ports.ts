import { createServer } from 'node:net';
import getPort from 'get-port';
import { ComponentUnavailableError } from './errors.ts';

export const LOOPBACK = '127.0.0.1';

/** True when nothing listens on the loopback port. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => {
      resolve(false);
    });
    probe.listen(port, LOOPBACK, () => {
      probe.close(() => {
        resolve(true);
      });
    });
  });
}

/**
 * The requested port, or a free one if none was requested.
 * @param variable the environment variable that moves this component to another port
 * @throws ComponentUnavailableError when the requested port is taken
 */
export async function claimPort(component: string, port: number | undefined, variable: string): Promise<number> {
  if (port === undefined) return getPort({ host: LOOPBACK });
  if (await isPortFree(port)) return port;
  throw new ComponentUnavailableError(
    component,
    `port ${port} is taken`,
    `Stop the process that uses it, set ${variable} to another port, or add --free-ports.`
  );
}
