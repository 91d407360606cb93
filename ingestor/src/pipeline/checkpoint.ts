import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Assignment, GroupConsumer, TopicPartition } from '../kafka/group-consumer.ts';
import { untilDone } from './retry.ts';

/** A batch whose insert may have begun: after a crash exactly these offsets are read again, validated by the same clock. */
export interface ClaimedBatch {
  /** Last offset of the batch; its first is the committed offset. */
  last: number;
  /** When its first message arrived: its events are validated as of then. */
  validatedAsOfMs: number;
}

/** What stands beside a committed offset in Kafka. */
export interface Checkpoint {
  /** Names this life of the partition's log. Kafka drops the checkpoint with its topic, so a new topic gets a new epoch. */
  epoch: string;
  claim: ClaimedBatch | null;
}

const STORED = z.object({
  v: z.literal(1),
  epoch: z.string().min(1),
  pending: z.tuple([z.number().int(), z.number().int()]).optional(),
});

export function formatCheckpoint({ epoch, claim }: Checkpoint): string {
  return JSON.stringify({ v: 1, epoch, ...(claim && { pending: [claim.last, claim.validatedAsOfMs] }) });
}

/** Null when the metadata is not a checkpoint: another program committed that offset. */
export function parseCheckpoint(metadata: string): Checkpoint | null {
  let json: unknown;
  try {
    json = JSON.parse(metadata);
  } catch {
    return null;
  }
  const { success, data } = STORED.safeParse(json);
  if (!success) return null;
  const [last, validatedAsOfMs] = data.pending ?? [];
  return {
    epoch: data.epoch,
    claim: last === undefined || validatedAsOfMs === undefined ? null : { last, validatedAsOfMs },
  };
}

/** The group's offset is not the one we committed: Kafka dropped it with its topic, or somebody moved it. */
export class CheckpointGoneError extends Error {
  override name = 'CheckpointGoneError';
  constructor(offset: number | null) {
    super(`the group holds offset ${offset ?? 'none'}, which this member did not commit`);
  }
}

export interface PartitionCheckpointOptions {
  consumer: GroupConsumer;
  log: Logger;
}

/** Where to go on, and the batch that must be built again first. `offset` is null when the group holds none. */
export interface GroupPosition {
  offset: number | null;
  claim: ClaimedBatch | null;
}

/** What the group holds for one partition. It is read once, and then only this object writes it. */
export class PartitionCheckpoint {
  readonly #of: TopicPartition;
  readonly #assignment: Assignment;
  readonly #consumer: GroupConsumer;
  readonly #log: Logger;
  #epoch = '';
  /** The offset that the group holds; null when it holds none. */
  #committed: number | null = null;

  constructor(of: TopicPartition, assignment: Assignment, { consumer, log }: PartitionCheckpointOptions) {
    this.#of = of;
    this.#assignment = assignment;
    this.#consumer = consumer;
    this.#log = log;
  }

  /** Names this life of the partition's log. */
  get epoch(): string {
    return this.#epoch;
  }

  /**
   * Reads it until it succeeds, and moves the consumer to where reading goes on. Throws the signal's reason.
   * @param warmUp so many offsets below are read again, for their event ids
   */
  async locate(warmUp: number, signal: AbortSignal): Promise<GroupPosition> {
    const onFailure = (err: Error) => {
      this.#log.warn({ err }, 'cannot read the checkpoint, trying again');
    };
    const position = await untilDone(
      async () => {
        const read = await this.#read();
        await this.#consumer.seek(this.#of, read.offset === null ? 'earliest' : Math.max(0, read.offset - warmUp));
        return read;
      },
      { signal, onFailure }
    );
    this.#log.info({ next: position.offset, epoch: this.#epoch, claim: position.claim }, 'partition assigned');
    return position;
  }

  async #read(): Promise<GroupPosition> {
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
