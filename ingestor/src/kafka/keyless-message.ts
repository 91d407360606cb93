import { locateValue, type BytesOfValue, type ConsumedMessage } from './group-consumer.ts';
import type { InvalidBatch } from './invalid-batch.ts';

const NO_BYTES = Buffer.alloc(0);

/** A message of a topic whose fields are masked: its key and its headers, which may contain them, cannot be read. */
export class KeylessMessage implements ConsumedMessage {
  readonly key = null;
  readonly #message: ConsumedMessage;

  constructor(message: ConsumedMessage) {
    this.#message = message;
  }

  get offset(): string {
    return this.#message.offset;
  }

  get offsetNumber(): number {
    return this.#message.offsetNumber ?? Number(this.#message.offset);
  }

  get timestamp(): string {
    return this.#message.timestamp;
  }

  get timestampMs(): number {
    return this.#message.timestampMs ?? Number(this.#message.timestamp);
  }

  get arrivedAtMs(): number {
    return this.#message.arrivedAtMs;
  }

  get value(): Buffer | null {
    return this.#message.value;
  }

  locateValue(place: BytesOfValue): boolean {
    return locateValue(this.#message, place);
  }

  /** Without its bytes: they contain keys too, and cannot be masked. */
  get invalidBatch(): InvalidBatch | undefined {
    const { invalidBatch } = this.#message;
    return invalidBatch && { ...invalidBatch, bytes: NO_BYTES };
  }
}
