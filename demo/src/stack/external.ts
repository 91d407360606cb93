import { PartUnavailableError } from '@floorwatch/servers/part-error';
import type { LaunchedPart } from './board.ts';

const TIMEOUT_MS = 5_000;

/**
 * A part that the user runs.
 * @param variable the variable that named it
 * @param probe throws or returns false when it does not answer
 * @throws PartUnavailableError when it does not answer within 5 s
 */
export async function useYours(
  part: string,
  variable: string,
  address: string,
  probe: (signal: AbortSignal) => Promise<boolean>
): Promise<LaunchedPart> {
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
  throw new PartUnavailableError(
    part,
    `${variable}=${address} does not answer`,
    `Start it, or unset ${variable} to have one started.`
  );
}

/** Useable as a probe: any HTTP answer below 500 is one. */
export function respondsAt(url: string): (signal: AbortSignal) => Promise<boolean> {
  return async (signal) => (await fetch(url, { signal })).status < 500;
}
