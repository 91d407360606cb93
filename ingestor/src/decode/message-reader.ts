import type { Outcome } from './outcome.ts';

/** Reads the messages of one format. */
export interface MessageReader {
  /**
   * The events of a message in order, as records with the contract's fields, not yet validated. It does not wait: `preparation`
   * has already fetched what it needs from other services.
   */
  read(value: Buffer | null): Iterable<Outcome<unknown>>;
  readonly preparation?: Preparation;
  /** The messages are JSON with the contract's fields, and the records are that JSON. */
  readonly isContractJson?: boolean;
}

/** Fetches what a batch needs from another service, such as the schemas of its messages. */
export interface Preparation {
  /** True when `read` has all it needs for these messages. */
  isReady(values: readonly (Buffer | null)[]): boolean;
  /** Fetches what is missing. Throws when the other service does not respond: this is infrastructure, so retry. */
  prepare(values: readonly (Buffer | null)[]): Promise<void>;
}
