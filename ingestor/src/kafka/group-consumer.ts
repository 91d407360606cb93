/**
 * All that the pipeline needs of a Kafka client. kafkajs implements it today; another client may take its place.
 *
 * Invariant: a commit reaches the broker only while the partition belongs to the assignment it was made under.
 */
export interface TopicPartition {
  topic: string;
  partition: number;
}

/** As kafkajs makes it: one object less for each of a million messages. */
export interface ConsumedMessage {
  /** Decimal. */
  offset: string;
  /** The same as a number, where the client has it at hand. */
  offsetNumber?: number;
  /** Broker or producer time of the message, milliseconds since the epoch; decimal. */
  timestamp: string;
  /** The same as a number, where the client has it at hand. */
  timestampMs?: number;
  /** When the response that carried it arrived here, milliseconds since the epoch. */
  arrivedAtMs: number;
  key: Buffer | null;
  value: Buffer | null;
  headers?: Readonly<Record<string, Buffer | string | (Buffer | string)[] | undefined>> | undefined;
}

/** What the group has committed for a partition. `offset` is null when there is none (or it was reset). */
export interface Committed {
  offset: number | null;
  metadata: string;
}

/** One membership generation's partitions. Each new assignment ends the one before it. */
export interface Assignment {
  readonly partitions: readonly TopicPartition[];
  /** Aborted when the partitions may belong to someone else. */
  readonly lost: AbortSignal;
}

export interface GroupHandlers {
  /** The partitions arrive paused: each is to be `resume`d once its position is known. */
  onAssigned(assignment: Assignment): void;
  /**
   * Messages of one partition in offset order; offsets may have gaps (compaction, transactions).
   * @param remaining about how many messages lie behind them in the log
   */
  onMessages(from: TopicPartition, messages: readonly ConsumedMessage[], remaining?: number): void;
  /** Records that are no messages (transaction markers, aborted or compacted ones) were passed over, up to `next`. */
  onSkipped?(from: TopicPartition, next: number): void;
}

export interface GroupConsumer {
  /** Throws when no broker can be reached. */
  connect(): Promise<void>;
  /** Joins the group and calls the handlers until `stop`. */
  join(handlers: GroupHandlers): Promise<void>;
  /** Identity of the Kafka cluster, part of every deduplication token. */
  clusterId(): Promise<string>;
  committed(of: TopicPartition): Promise<Committed>;
  /** One attempt. Throws `AssignmentLostError` when the assignment has ended, or the broker's error. */
  commit(under: Assignment, of: TopicPartition, offset: number, metadata: string): Promise<void>;
  /** The next message will be the one at that offset, or the first that the log still has above it. */
  seek(to: TopicPartition, offset: number | 'earliest'): Promise<void>;
  pause(which: TopicPartition): void;
  resume(which: TopicPartition): void;
  /** Leaves the group, so that its other members take over at once. */
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
