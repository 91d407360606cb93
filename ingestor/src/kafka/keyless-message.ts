import { locateValue, type BytesOfValue, type ConsumedMessage } from './group-consumer.ts';
import type { InvalidBatch } from './invalid-batch.ts';

const NO_BYTES = Buffer.alloc(0);

/** A message of a topic whose fields are masked: its key and its headers, which may contain them, cannot be read. The stored ones are masked with `meta`. */
export class KeylessMessage implements ConsumedMessage {
  readonly key = null;
  readonly #message: ConsumedMessage;
  readonly #storedHeaders: readonly string[];

  constructor(message: ConsumedMessage, storedHeaders: readonly string[] = []) {
    this.#message = message;
    this.#storedHeaders = storedHeaders;
  }

  get headers(): ConsumedMessage['headers'] {
    if (this.#storedHeaders.length === 0) return undefined;
    const headers = this.#message.headers ?? {};
    return Object.fromEntries(
      this.#storedHeaders.filter((name) => Object.hasOwn(headers, name)).map((name) => [name, headers[name]])
    );
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
