import type { Range } from '../pipeline/batch.ts';

/** Times what becomes of a range. The pipeline knows no more of tracing than this. */
export interface BatchTracing {
  /** The range has been read and decoded, and is about to be written. */
  start(range: Range): BatchTrace;
}

export interface BatchTrace {
  step<T>(name: 'claim' | 'insert' | 'commit', work: () => Promise<T>): Promise<T>;
  /** The range is durable and committed, or was given up. */
  end(): void;
}

export const UNTRACED: BatchTrace = {
  step: (_name, work) => work(),
  end: () => undefined,
};
