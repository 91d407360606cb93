import type { TopicFormat } from '../decode/topic-format.ts';
import type { ConsumedMessage } from '../kafka/group-consumer.ts';
import type { InvalidBatch } from '../kafka/invalid-batch.ts';

/** One message and its place: its line number in a file, or its offset in a partition. */
export interface PlacedMessage {
  place: number;
  value: Buffer | null;
  /** It comes from Kafka, and may have headers. */
  message?: ConsumedMessage;
  /** The record batch at this offset cannot be decoded. */
  invalidBatch?: InvalidBatch | undefined;
}

/** A file, or a partition of a topic, from which events are read. */
export interface EventSource {
  /** Identifies the content, in the state of a backfill and in deduplication tokens. */
  id: string;
  /** Shown to the user: `fleet.jsonl.gz`, `robot.telemetry/3`. */
  label: string;
  /** The topic and partition that its rows name. The id of an event without one is derived from them. */
  topic: string;
  partition: number;
  format: TopicFormat;
  /** The place after its last message; absent if it is known only after reading to the end. */
  end?: number;
  /** Its messages from a place onwards, always in the same order. @throws CommandError */
  messages(from: number): AsyncIterable<PlacedMessage>;
}
