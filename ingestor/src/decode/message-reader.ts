import type { DeadLetterReason } from './outcome.ts';

/** One event of a message as a record in the contract's terms, not yet judged by its rules; or why it cannot be read. */
export type ReadPart =
  { ok: true; record: unknown; raw: Buffer } | { ok: false; reason: DeadLetterReason; detail: string; raw: Buffer };

/** Reads the messages of one format. */
export interface MessageReader {
  /** The events of a message, in order. Waits for nothing: what it needs of other services is prepared. */
  read(value: Buffer | null): ReadPart[];
  readonly preparation?: Preparation;
  /** The records are the messages' own JSON, in the contract's terms. */
  readonly isContractJson?: boolean;
}

/** What reading a batch needs from another service, such as the schemas of its messages. */
export interface Preparation {
  /** True when `read` has all it needs for these messages. */
  isReady(values: readonly (Buffer | null)[]): boolean;
  /** Fetches what is missing. Throws when the other service is away: that is infrastructure, and to be repeated. */
  prepare(values: readonly (Buffer | null)[]): Promise<void>;
}
