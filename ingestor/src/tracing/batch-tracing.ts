/** What a trace tells of a batch. */
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

/** Times what becomes of a batch. The pipeline knows no more of tracing than this. */
export interface BatchTracing {
  /** The batch has been read and decoded, and is about to be written. */
  start(batch: TracedBatch): BatchTrace;
}

export interface Tracing extends BatchTracing {
  /** Sends what is still to be sent, for a moment. */
  stop(): Promise<void>;
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
