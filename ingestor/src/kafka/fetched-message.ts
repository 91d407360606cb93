import type { IHeaders } from 'kafkajs';
import { ByteReader } from './byte-reader.ts';

/** The common data of the records of one batch. */
export interface BatchHead {
  /** When the response that carried the batch arrived. */
  arrivedAtMs: number;
  firstOffset: number;
  firstTimestampMs: number;
  /** The broker's time of the whole batch; null when each record has its producer's. */
  appendTimestampMs: number | null;
}

/**
 * A message with the same properties as in kafkajs, which creates about fifteen objects per message. This is one small object,
 * because the messages of a fetch outlive the young generation of the heap. It decodes a property when it is read.
 */
export class FetchedMessage {
  readonly offsetNumber: number;
  readonly isControlRecord = false;
  readonly attributes = 0;
  readonly #head: BatchHead;
  readonly #bytes: Buffer;
  /** Position of the record's timestamp. */
  readonly #start: number;

  /** @param reader after the record's length and attributes; moves to the record's key */
  constructor(head: BatchHead, reader: ByteReader) {
    this.#head = head;
    this.#bytes = reader.bytes;
    this.#start = reader.at;
    reader.varlong();
    this.offsetNumber = head.firstOffset + reader.varint();
  }

  get offset(): string {
    return String(this.offsetNumber);
  }

  /** Milliseconds since the epoch, decimal. */
  get timestamp(): string {
    return String(this.timestampMs);
  }

  get timestampMs(): number {
    const { appendTimestampMs, firstTimestampMs } = this.#head;
    return appendTimestampMs ?? firstTimestampMs + new ByteReader(this.#bytes, this.#start).varlong();
  }

  get arrivedAtMs(): number {
    return this.#head.arrivedAtMs;
  }

  get key(): Buffer | null {
    const reader = this.#atKey();
    return reader.slice(reader.varint());
  }

  get value(): Buffer | null {
    const reader = this.#atValue();
    return reader.slice(reader.varint());
  }

  get headers(): IHeaders {
    const reader = this.#atValue();
    const valueLength = reader.varint();
    reader.at += Math.max(0, valueLength);
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

  #atKey(): ByteReader {
    const reader = new ByteReader(this.#bytes, this.#start);
    reader.varlong();
    reader.varint(); // The offset's delta.
    return reader;
  }

  #atValue(): ByteReader {
    const reader = this.#atKey();
    const keyLength = reader.varint();
    reader.at += Math.max(0, keyLength);
    return reader;
  }
}
