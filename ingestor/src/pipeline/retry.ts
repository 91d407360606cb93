import pRetry from 'p-retry';

export interface RetryOptions {
  /** Ends the retries; its reason is thrown. */
  signal: AbortSignal;
  onFailure: (error: Error) => void;
  /** True for an error that a retry cannot resolve, which is thrown. */
  isFinal?: (error: unknown) => boolean;
}

/** Retries until it succeeds, with a backoff of up to 5 s. Infrastructure comes back, and until then nothing may be skipped. */
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

/** p-retry does not retry a TypeError, which it regards as a bug. kafkajs throws them when a connection breaks. */
function withoutTypeErrors(error: unknown): never {
  throw error instanceof TypeError ? new Error(error.message, { cause: error }) : error;
}
