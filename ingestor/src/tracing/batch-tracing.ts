/** The data of a batch in a trace. */
export interface TracedBatch {
  readonly of: { readonly topic: string; readonly partition: number };
  readonly first: number;
  readonly last: number;
  readonly messages: number;
  readonly openedAtMs: number;
  readonly closedAtMs: number;
  /** W3C Trace Context of its first message. */
  readonly traceParent: string | null;
  readonly duplicates: number;
  readonly rows: { readonly rows: number };
  readonly rejected: ReadonlyMap<string, number>;
}

/** Records the steps of a batch. It is the pipeline's only interface to tracing. */
export interface BatchTracing {
  /** The batch was read and decoded, and will now be written. */
  start(batch: TracedBatch): BatchTrace;
}

export interface Tracing extends BatchTracing {
  /** Sends the remaining spans, with a short time limit. */
  stop(): Promise<void>;
}

export interface BatchTrace {
  step<T>(name: 'claim' | 'insert' | 'commit', work: () => Promise<T>): Promise<T>;
  /** The batch is durable and committed, or was dropped. */
  end(): void;
}

export const UNTRACED: BatchTrace = {
  step: (_name, work) => work(),
  end: () => undefined,
};
