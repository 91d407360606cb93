import type { Preparation } from '../decode/message-reader.ts';
import type { ConsumedMessage } from '../kafka/group-consumer.ts';
import { untilDone } from './retry.ts';

export interface PreparationQueueOptions {
  /** Stops the queue and drops what still waits. */
  signal: AbortSignal;
  onReady: (messages: readonly ConsumedMessage[]) => void;
  onFailure: (error: Error) => void;
}

/** Passes fetched messages on in order, each fetch as soon as everything that decoding it needs is available. */
export class PreparationQueue {
  readonly #preparation: Preparation;
  readonly #options: PreparationQueueOptions;
  readonly #waiting: (readonly ConsumedMessage[] | (() => void))[] = [];

  constructor(preparation: Preparation, options: PreparationQueueOptions) {
    this.#preparation = preparation;
    this.#options = options;
  }

  get isWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  add(messages: readonly ConsumedMessage[]): void {
    this.#waiting.push(messages);
    if (this.#waiting.length === 1) void this.#passOn();
  }

  /** Calls the function when everything before it has been passed on. */
  afterwards(action: () => void): void {
    if (this.#waiting.length === 0) action();
    else this.#waiting.push(action);
  }

  async #passOn(): Promise<void> {
    const { signal, onReady, onFailure } = this.#options;
    for (let messages = this.#waiting[0]; messages; messages = this.#waiting[0]) {
      if (typeof messages === 'function') {
        this.#waiting.shift();
        messages();
        continue;
      }
      const values = messages.map(({ value }) => value);
      if (!this.#preparation.isReady(values)) {
        await untilDone(() => this.#preparation.prepare(values), { signal, onFailure }).catch(() => undefined);
      }
      if (signal.aborted) return;
      this.#waiting.shift();
      onReady(messages);
    }
  }
}
