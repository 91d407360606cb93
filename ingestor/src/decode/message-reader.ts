import type { Outcome } from './outcome.ts';

/** Reads the messages of one format. */
export interface MessageReader {
  /**
   * The events of a message in order, as records in the contract's terms that are not validated yet. It waits for nothing:
   * what it needs from other services is prepared.
   */
  read(value: Buffer | null): Outcome<unknown>[];
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
