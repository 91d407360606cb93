import type { GroupConsumer, TopicPartition } from '../kafka/group-consumer.ts';

/**
 * Why a partition is not read: it has too many rows in memory, waits for what decoding needs, is looking for its
 * position, or others catch up first. Whoever asks is told the first that holds: it says most of what is wrong.
 */
export const PAUSE_REASONS = ['memory', 'preparation', 'position', 'turn'] as const;
export type PauseReason = (typeof PAUSE_REASONS)[number];

/** A partition is read while there is no reason not to. It begins without a position, as the group hands it over. */
export class PauseReasons {
  readonly #of: TopicPartition;
  readonly #consumer: GroupConsumer;
  readonly #reasons = new Set<PauseReason>(['position']);

  constructor(of: TopicPartition, consumer: GroupConsumer) {
    this.#of = of;
    this.#consumer = consumer;
  }

  /** Null while it is read. */
  get first(): PauseReason | null {
    return PAUSE_REASONS.find((reason) => this.#reasons.has(reason)) ?? null;
  }

  set(reason: PauseReason, holds: boolean): void {
    const wasPaused = this.#reasons.size > 0;
    if (holds) this.#reasons.add(reason);
    else this.#reasons.delete(reason);
    if (this.#reasons.size > 0 === wasPaused) return;
    if (wasPaused) this.#consumer.resume(this.#of);
    else this.#consumer.pause(this.#of);
  }
}
