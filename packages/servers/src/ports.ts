import { createServer } from 'node:net';
import getPort from 'get-port';
import { PartUnavailableError } from './part-error.ts';

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
 * The port that was asked for, or any free one when none was.
 * @param variable the environment variable that moves this part to another port
 * @throws PartUnavailableError when the port that was asked for is taken
 */
export async function claimPort(part: string, port: number | undefined, variable: string): Promise<number> {
  if (port === undefined) return getPort({ host: LOOPBACK });
  if (await isPortFree(port)) return port;
  throw new PartUnavailableError(
    part,
    `port ${port} is taken`,
    `Stop what listens there, set ${variable} to another port, or add --free-ports.`
  );
}
