import type { Batch } from '../pipeline/batch.ts';

/** Times what becomes of a batch. The pipeline knows no more of tracing than this. */
export interface BatchTracing {
  /** The batch has been read and decoded, and is about to be written. */
  start(batch: Batch): BatchTrace;
}

export interface BatchTrace {
  step<T>(name: 'claim' | 'insert' | 'commit', work: () => Promise<T>): Promise<T>;
  /** The batch is durable and committed, or was given up. */
  end(): void;
}

export const UNTRACED: BatchTrace = {
  step: (_name, work) => work(),
  end: () => undefined,
};
