import pRetry from 'p-retry';

export interface RetryOptions {
  /** Ends the repetition; its reason is thrown. */
  signal: AbortSignal;
  onFailure: (error: Error) => void;
  /** True for an error that a retry cannot resolve: it is thrown. */
  isFinal?: (error: unknown) => boolean;
}

/** Repeats until it succeeds, backing off up to 5 s: infrastructure comes back, and until then nothing may be skipped. */
export function untilDone<T>(attempt: () => Promise<T>, { signal, onFailure, isFinal }: RetryOptions): Promise<T> {
  return pRetry(() => attempt().catch(withoutTypeErrors), {
    retries: Infinity,
    minTimeout: 100,
    maxTimeout: 5_000,
    randomize: true,
    signal,
    shouldRetry: ({ error }) => !isFinal?.(error),
    onFailedAttempt: ({ error }) => {
      if (!isFinal?.(error)) onFailure(error);
    },
  });
}

/** p-retry takes a TypeError for a bug of the caller; kafkajs throws them when a connection ends under its feet. */
function withoutTypeErrors(error: unknown): never {
  throw error instanceof TypeError ? new Error(error.message, { cause: error }) : error;
}
