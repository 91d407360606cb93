import type { IHeaders } from 'kafkajs';
import { ByteReader } from './byte-reader.ts';

/** What the records of one batch share. */
export interface BatchHead {
  firstOffset: number;
  firstTimestampMs: number;
  /** The broker's time of the whole batch; null when each record has its producer's. */
  appendTimestampMs: number | null;
}

/**
 * A message with the properties that kafkajs gives it. kafkajs makes some fifteen objects of each; this is one, and what
 * hardly anybody asks for is made when it is asked for.
 */
export class LightMessage {
  readonly offsetNumber: number;
  readonly isControlRecord = false;
  readonly attributes = 0;
  readonly #head: BatchHead;
  readonly #timestampDelta: number;
  readonly #bytes: Buffer;
  readonly #keyStart: number;
  /** -1 is null, as in the record. */
  readonly #keyLength: number;
  readonly #valueStart: number;
  readonly #valueLength: number;

  /** @param reader behind the record's length and attributes; moved to the record's headers */
  constructor(head: BatchHead, reader: ByteReader) {
    this.#head = head;
    this.#bytes = reader.bytes;
    this.#timestampDelta = reader.varlong();
    this.offsetNumber = head.firstOffset + reader.varint();
    this.#keyLength = reader.varint();
    this.#keyStart = reader.at;
    if (this.#keyLength > 0) reader.at += this.#keyLength;
    this.#valueLength = reader.varint();
    this.#valueStart = reader.at;
    if (this.#valueLength > 0) reader.at += this.#valueLength;
  }

  get offset(): string {
    return String(this.offsetNumber);
  }

  /** Milliseconds since the epoch, decimal. */
  get timestamp(): string {
    return String(this.#head.appendTimestampMs ?? this.#head.firstTimestampMs + this.#timestampDelta);
  }

  get key(): Buffer | null {
    return this.#slice(this.#keyStart, this.#keyLength);
  }

  get value(): Buffer | null {
    return this.#slice(this.#valueStart, this.#valueLength);
  }

  get headers(): IHeaders {
    const reader = new ByteReader(this.#bytes, this.#valueStart + Math.max(0, this.#valueLength));
    const headers: IHeaders = {};
    for (let left = reader.varint(); left > 0; left--) {
      const name = reader.slice(reader.varint())?.toString('utf8') ?? '';
      const content = reader.slice(reader.varint()) ?? undefined;
      const known = headers[name];
      if (known === undefined) headers[name] = content;
      else headers[name] = [known, content].flat().filter((each) => each !== undefined);
    }
    return headers;
  }

  #slice(start: number, length: number): Buffer | null {
    return new ByteReader(this.#bytes, start).slice(length);
  }
}
