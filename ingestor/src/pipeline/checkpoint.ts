import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Assignment, GroupConsumer, TopicPartition } from '../kafka/group-consumer.ts';
import { untilDone } from './retry.ts';

/** A batch whose insert may have started. After a crash, exactly these offsets are read again and validated with the same clock. */
export interface ClaimedBatch {
  /** Last offset of the batch. Its first offset is the committed offset. */
  last: number;
  /** When its first message arrived: its events are validated as of then. */
  validatedAsOfMs: number;
}

/** The metadata of a committed offset in Kafka. */
export interface Checkpoint {
  /** Identifies the partition's log. Kafka deletes the checkpoint with its topic, so a new topic gets a new epoch. */
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

/** Null when the metadata is not a checkpoint, because another program committed the offset. */
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

/** The group's offset is not the one we committed: Kafka deleted it with its topic, or another program changed it. */
export class CheckpointGoneError extends Error {
  override name = 'CheckpointGoneError';
  constructor(offset: number | null) {
    super(`the committed offset of the group is ${offset ?? 'none'}, which this member did not commit`);
  }
}

export interface PartitionCheckpointOptions {
  consumer: GroupConsumer;
  log: Logger;
}

/** Where to continue, and the batch to rebuild first. `offset` is null when the group has none. */
export interface GroupPosition {
  offset: number | null;
  claim: ClaimedBatch | null;
}

/** The group's checkpoint of one partition. It is read once, and then only this object writes it. */
export class PartitionCheckpoint {
  readonly #of: TopicPartition;
  readonly #assignment: Assignment;
  readonly #consumer: GroupConsumer;
  readonly #log: Logger;
  #epoch = '';
  /** The committed offset of the group; null when there is none. */
  #committed: number | null = null;

  constructor(of: TopicPartition, assignment: Assignment, { consumer, log }: PartitionCheckpointOptions) {
    this.#of = of;
    this.#assignment = assignment;
    this.#consumer = consumer;
    this.#log = log;
  }

  /** Identifies the partition's log. */
  get epoch(): string {
    return this.#epoch;
  }

  /**
   * Retries until the checkpoint is read, and then seeks the consumer to the position to continue from. Throws the signal's reason.
   * @param warmUp number of earlier offsets to read again for their event ids
   */
  async locate(warmUp: number, signal: AbortSignal): Promise<GroupPosition> {
    const onFailure = (err: Error) => {
      this.#log.warn({ err }, 'checkpoint could not be read; retrying');
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

  /** Retries the commit until it succeeds. Throws `CheckpointGoneError`, or the signal's reason. */
  async write(offset: number, claim: ClaimedBatch | null, signal: AbortSignal): Promise<void> {
    const onFailure = (err: Error) => {
      this.#log.warn({ err, offset }, 'commit failed; retrying');
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
