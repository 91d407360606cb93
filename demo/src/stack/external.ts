import { ComponentUnavailableError } from '@floorwatch/servers/errors';
import type { LaunchedComponent } from './supervisor.ts';

const TIMEOUT_MS = 5_000;

/**
 * Uses a server that the user runs instead of starting one.
 * @param variable the environment variable with its address
 * @param probe throws or returns false when the server does not respond
 * @throws ComponentUnavailableError when the server does not respond within 5 s
 */
export async function useExternal(
  component: string,
  variable: string,
  address: string,
  probe: (signal: AbortSignal) => Promise<boolean>
): Promise<LaunchedComponent> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const answers = await Promise.race([
    probe(signal).catch(() => false),
    new Promise<false>((resolve) => {
      signal.addEventListener('abort', () => {
        resolve(false);
      });
    }),
  ]);
  if (answers) return { address, state: 'yours' };
  throw new ComponentUnavailableError(
    component,
    `${variable}=${address} does not respond`,
    `Start this server, or unset ${variable} to start a local one.`
  );
}

/** A probe: any HTTP status below 500 counts as a response. */
export function respondsAt(url: string): (signal: AbortSignal) => Promise<boolean> {
  return async (signal) => (await fetch(url, { signal })).status < 500;
}
