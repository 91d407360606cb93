import type { InvalidBatch } from './invalid-batch.ts';

/**
 * The interface between the pipeline and the Kafka client. kafkajs implements it; another client could replace it.
 *
 * Invariant: a commit reaches the broker only while the assignment in which the partition was read is current.
 */
export interface TopicPartition {
  topic: string;
  partition: number;
}

/** The bytes of a message's value: `start` to `end` (exclusive) of `bytes`. */
export interface BytesOfValue {
  bytes: Buffer;
  start: number;
  end: number;
}

/** The same properties as in kafkajs, so that no object per message is created. */
export interface ConsumedMessage {
  /** Decimal. */
  offset: string;
  /** The same as a number, where the client has it at hand. */
  offsetNumber?: number;
  /** Broker or producer time of the message, milliseconds since the epoch; decimal. */
  timestamp: string;
  /** The same as a number, where the client has it at hand. */
  timestampMs?: number;
  /** When the response with the message arrived here, milliseconds since the epoch. */
  arrivedAtMs: number;
  key: Buffer | null;
  value: Buffer | null;
  /** Sets the place of the value and creates no buffer for it, where the client can; false if there is no value. */
  locateValue?: (place: BytesOfValue) => boolean;
  headers?: Readonly<Record<string, Buffer | string | (Buffer | string)[] | undefined>> | undefined;
  /** Set if the record batch at this offset cannot be read. The messages of one call either all have it or none has. */
  invalidBatch?: InvalidBatch | undefined;
}

/** Sets `place` to the value of the message; false if there is none, and then `place` means nothing. */
export function locateValue(message: ConsumedMessage, place: BytesOfValue): boolean {
  if (message.locateValue) return message.locateValue(place);
  const { value } = message;
  if (value !== null) locateWhole(value, place);
  return value !== null;
}

/** Sets `place` to all of these bytes. */
export function locateWhole(bytes: Buffer, place: BytesOfValue): void {
  place.bytes = bytes;
  place.start = 0;
  place.end = bytes.length;
}

/** The committed offset of a partition. `offset` is null when there is none (or it was reset). */
export interface Committed {
  offset: number | null;
  metadata: string;
}

/** The log of a partition: the offset of its first message, and the offset that its next message gets. */
export interface Watermarks {
  low: number;
  high: number;
}

/** The partitions of one generation of the group. A new assignment ends the previous one. */
export interface Assignment {
  readonly partitions: readonly TopicPartition[];
  /** Aborted when the partitions may have another owner. */
  readonly lost: AbortSignal;
}

export interface GroupHandlers {
  /** The partitions are paused. Call `resume` for each when its position is known. */
  onAssigned(assignment: Assignment): void;
  /**
   * Messages of one partition in offset order; offsets may have gaps (compaction, transactions).
   * @param remaining about how many messages follow them in the log
   */
  onMessages(from: TopicPartition, messages: readonly ConsumedMessage[], remaining?: number): void;
  /** Records that are not messages (transaction markers, aborted or compacted records) were skipped, up to `next`. */
  onSkipped?(from: TopicPartition, next: number): void;
}

export interface GroupConsumer {
  /** Throws when no broker can be reached. */
  connect(): Promise<void>;
  /** Joins the group and calls the handlers until `stop`. */
  join(handlers: GroupHandlers): Promise<void>;
  /** The id of the Kafka cluster, which is part of every deduplication token. */
  clusterId(): Promise<string>;
  committed(of: TopicPartition): Promise<Committed>;
  watermarks(of: TopicPartition): Promise<Watermarks>;
  /** One attempt. Throws `AssignmentLostError` when the assignment has ended, or the broker's error. */
  commit(under: Assignment, of: TopicPartition, offset: number, metadata: string): Promise<void>;
  /** Continues with the message at this offset, or with the first one in the log after it. */
  seek(to: TopicPartition, offset: number | 'earliest'): Promise<void>;
  pause(which: TopicPartition): void;
  resume(which: TopicPartition): void;
  /** Leaves the group, so that its other members take over immediately. */
  stop(): Promise<void>;
}

export class AssignmentLostError extends Error {
  override name = 'AssignmentLostError';
  constructor() {
    super('the partition belongs to an assignment that has ended');
  }
}

export function partitionKey({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`;
}
