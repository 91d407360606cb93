import type { IHeaders } from 'kafkajs';
import { ByteReader } from './byte-reader.ts';
import type { BytesOfValue } from './group-consumer.ts';

/** The common data of the records of one batch. */
export interface BatchHead {
  /** When the response that carried the batch arrived. */
  arrivedAtMs: number;
  firstOffset: number;
  firstTimestampMs: number;
  /** The broker's time of the whole batch; null when each record has its producer's. */
  appendTimestampMs: number | null;
}

/** Shared by all messages: a property is read at once, so none creates a reader. */
const reader = new ByteReader(Buffer.alloc(0));

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

  /** @param record after the record's length and attributes; moves to the record's key */
  constructor(head: BatchHead, record: ByteReader) {
    this.#head = head;
    this.#bytes = record.bytes;
    this.#start = record.at;
    record.varlong();
    this.offsetNumber = head.firstOffset + record.varint();
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
    return appendTimestampMs ?? firstTimestampMs + reader.moveTo(this.#bytes, this.#start).varlong();
  }

  get arrivedAtMs(): number {
    return this.#head.arrivedAtMs;
  }

  get key(): Buffer | null {
    this.#moveToKey();
    return reader.slice(reader.varint());
  }

  get value(): Buffer | null {
    this.#moveToValue();
    return reader.slice(reader.varint());
  }

  locateValue(place: BytesOfValue): boolean {
    this.#moveToValue();
    const length = reader.varint();
    place.bytes = this.#bytes;
    place.start = reader.at;
    place.end = reader.at + length;
    return length >= 0;
  }

  get headers(): IHeaders {
    this.#moveToValue();
    const valueLength = reader.varint();
    reader.at += Math.max(0, valueLength);
    // Without a prototype: a header may have the name of one of its properties.
    const headers = Object.create(null) as IHeaders;
    for (let left = reader.varint(); left > 0; left--) {
      const name = reader.slice(reader.varint())?.toString('utf8') ?? '';
      const content = reader.slice(reader.varint()) ?? undefined;
      const known = headers[name];
      if (known === undefined) headers[name] = content;
      else if (!Array.isArray(known)) headers[name] = content === undefined ? [known] : [known, content];
      // The list is not copied: a message of 1 MB can have 300,000 values of one header.
      else if (content !== undefined) known.push(content);
    }
    return headers;
  }

  #moveToKey(): void {
    reader.moveTo(this.#bytes, this.#start);
    reader.varlong();
    reader.varint(); // The offset's delta.
  }

  #moveToValue(): void {
    this.#moveToKey();
    const keyLength = reader.varint();
    reader.at += Math.max(0, keyLength);
  }
}
