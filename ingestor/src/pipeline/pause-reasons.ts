import type { GroupConsumer, TopicPartition } from '../kafka/group-consumer.ts';

/**
 * Why a partition is not read: it is looking for its position, waiting for what decoding needs, has too many rows in
 * memory, or others catch up first.
 */
export type PauseReason = 'position' | 'preparation' | 'memory' | 'turn';

/** A partition is read while there is no reason not to. It begins without a position, as the group hands it over. */
export class PauseReasons {
  readonly #of: TopicPartition;
  readonly #consumer: GroupConsumer;
  readonly #reasons = new Set<PauseReason>(['position']);

  constructor(of: TopicPartition, consumer: GroupConsumer) {
    this.#of = of;
    this.#consumer = consumer;
  }

  get isPaused(): boolean {
    return this.#reasons.size > 0;
  }

  set(reason: PauseReason, holds: boolean): void {
    const wasPaused = this.isPaused;
    if (holds) this.#reasons.add(reason);
    else this.#reasons.delete(reason);
    if (this.isPaused === wasPaused) return;
    if (wasPaused) this.#consumer.resume(this.#of);
    else this.#consumer.pause(this.#of);
  }
}
