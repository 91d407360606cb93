import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Assignment, GroupConsumer, TopicPartition } from '../kafka/group-consumer.ts';
import { formatCheckpoint, parseCheckpoint, type ClaimedBatch } from './checkpoint.ts';
import { untilDone } from './retry.ts';

/** The group's offset is not the one we committed: Kafka dropped it with its topic, or somebody moved it. */
export class CheckpointGoneError extends Error {
  override name = 'CheckpointGoneError';
  constructor(offset: number | null) {
    super(`the group holds offset ${offset ?? 'none'}, which this member did not commit`);
  }
}

/** What the group holds for one partition, read once and then written by nobody else. */
export class PartitionCheckpoint {
  readonly #of: TopicPartition;
  readonly #assignment: Assignment;
  readonly #consumer: GroupConsumer;
  readonly #log: Logger;
  #epoch = '';
  /** The offset that the group holds; null when it holds none. */
  #committed: number | null = null;

  constructor(of: TopicPartition, assignment: Assignment, deps: { consumer: GroupConsumer; log: Logger }) {
    this.#of = of;
    this.#assignment = assignment;
    this.#consumer = deps.consumer;
    this.#log = deps.log;
  }

  /** Names this life of the partition's log. */
  get epoch(): string {
    return this.#epoch;
  }

  /** One attempt to read it: where to go on, and the batch that must be built again first. */
  async read(): Promise<{ offset: number | null; claim: ClaimedBatch | null }> {
    const { offset, metadata } = await this.#consumer.committed(this.#of);
    const checkpoint = offset === null ? null : parseCheckpoint(metadata);
    this.#committed = offset;
    this.#epoch = checkpoint?.epoch ?? randomUUID().slice(0, 8);
    return { offset, claim: checkpoint?.claim ?? null };
  }

  /** Commits until it succeeds. Throws `CheckpointGoneError`, or the signal's reason. */
  async write(offset: number, claim: ClaimedBatch | null, signal: AbortSignal): Promise<void> {
    const onFailure = (err: Error) => {
      this.#log.warn({ err, offset }, 'commit failed, repeating it');
    };
    await untilDone(
      async () => {
        const held = await this.#consumer.committed(this.#of);
        if (held.offset !== this.#committed && held.offset !== offset) throw new CheckpointGoneError(held.offset);
        const metadata = formatCheckpoint({ epoch: this.#epoch, claim });
        await this.#consumer.commit(this.#assignment, this.#of, offset, metadata);
        signal.throwIfAborted();
        this.#committed = offset;
      },
      { signal, onFailure, isFinal: (error) => error instanceof CheckpointGoneError }
    );
  }
}
