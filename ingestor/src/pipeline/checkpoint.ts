import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Assignment, GroupConsumer, TopicPartition } from '../kafka/group-consumer.ts';
import type { Metrics } from '../metrics/metrics.ts';
import {
  formatCheckpoint,
  parseCheckpoint,
  withMark,
  type Checkpoint,
  type ClaimedBatch,
  type LogMark,
} from './checkpoint-metadata.ts';
import { locateIn, type GroupPosition } from './group-position.ts';
import { untilDone } from './retry.ts';

/** The group's offset is not the one we committed: Kafka deleted it with its topic, or another program changed it. */
export class CheckpointGoneError extends Error {
  override name = 'CheckpointGoneError';
  constructor(offset: number | null) {
    super(`the committed offset of the group is ${offset ?? 'none'}, which this member did not commit`);
  }
}

export interface PartitionCheckpointOptions {
  consumer: GroupConsumer;
  metrics: Metrics;
  log: Logger;
}

/** The group's checkpoint of one partition. It is read once, and then only this object writes it. */
export class PartitionCheckpoint {
  readonly #of: TopicPartition;
  readonly #assignment: Assignment;
  readonly #options: PartitionCheckpointOptions;
  #epoch = '';
  #marks: readonly LogMark[] = [];
  #compareBelow = 0;
  /** The committed offset of the group; null when there is none. */
  #committed: number | null = null;

  constructor(of: TopicPartition, assignment: Assignment, options: PartitionCheckpointOptions) {
    this.#of = of;
    this.#assignment = assignment;
    this.#options = options;
  }

  /** Identifies the partition's log. */
  get epoch(): string {
    return this.#epoch;
  }

  /**
   * Retries until the checkpoint is read, and then seeks the consumer to the position to continue from. Throws the signal's reason.
   * @param warmUp number of earlier offsets to read again for their events
   * @param differsAt the lowest offset at which the log is known to differ from the checkpoint
   */
  async locate(warmUp: number, signal: AbortSignal, differsAt = Infinity): Promise<GroupPosition> {
    const { consumer, metrics, log } = this.#options;
    const onFailure = (err: Error) => {
      log.warn({ err }, 'checkpoint could not be read; retrying');
    };
    const position = await untilDone(
      async () => {
        const held = await consumer.committed(this.#of);
        // On an offset out of range, kafkajs deletes the checkpoint that we know.
        const checkpoint = held.offset === null ? this.#known() : parseCheckpoint(held.metadata);
        const found = locateIn(await consumer.watermarks(this.#of), held.offset, checkpoint, differsAt);
        this.#committed = held.offset;
        // The message of the mark is read again too, to recognise the log.
        await consumer.seek(this.#of, Math.max(0, Math.min(found.offset - warmUp, found.mark?.offset ?? Infinity)));
        return found;
      },
      { signal, onFailure }
    );
    const { offset, claim, marks, compareBelow, doubt } = position;
    this.#epoch = position.epoch ?? randomUUID().slice(0, 8);
    this.#marks = marks;
    this.#compareBelow = compareBelow;
    log.info({ next: offset, epoch: this.#epoch, claim }, 'partition assigned');
    if (doubt === null) return position;
    metrics.newEpochs.inc({ reason: doubt });
    log[doubt === 'missing' ? 'info' : 'warn'](
      { reason: doubt, committed: this.#committed, from: offset, to: compareBelow, epoch: this.#epoch },
      'checkpoint of the group does not describe this log; new epoch, and messages of this range are compared with storage'
    );
    return position;
  }

  #known(): Checkpoint | null {
    return this.#epoch === '' ? null : { epoch: this.#epoch, claim: null, marks: this.#marks, compareBelow: 0 };
  }

  /** From now on the checkpoint says that batches below this offset must be compared with storage. */
  compareBelow(offset: number): void {
    this.#compareBelow = Math.max(this.#compareBelow, offset);
  }

  /**
   * Retries the commit until it succeeds. Throws `CheckpointGoneError`, or the signal's reason.
   * @param mark the last message before `offset`, if it is new
   */
  async write(
    offset: number,
    claim: ClaimedBatch | null,
    signal: AbortSignal,
    mark: LogMark | null = null
  ): Promise<void> {
    const { consumer, log } = this.#options;
    const onFailure = (err: Error) => {
      log.warn({ err, offset }, 'commit failed; retrying');
    };
    const marks = mark ? withMark(this.#marks, mark) : this.#marks;
    const compareBelow = this.#compareBelow > offset ? this.#compareBelow : 0;
    await untilDone(
      async () => {
        const held = await consumer.committed(this.#of);
        if (held.offset !== this.#committed && held.offset !== offset) throw new CheckpointGoneError(held.offset);
        const metadata = formatCheckpoint({ epoch: this.#epoch, claim, marks, compareBelow });
        await consumer.commit(this.#assignment, this.#of, offset, metadata);
        signal.throwIfAborted();
        this.#committed = offset;
        this.#marks = marks;
      },
      { signal, onFailure, isFinal: (error) => error instanceof CheckpointGoneError }
    );
  }
}
