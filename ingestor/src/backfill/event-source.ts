import type { TopicFormat } from '../decode/topic-format.ts';

/** One message and its place: the number of its line in a file, its offset in a partition. */
export interface PlacedMessage {
  place: number;
  value: Buffer | null;
}

/** What a month's events are read from: a file, or a partition of a topic. */
export interface EventSource {
  /** In the state of a backfill and in deduplication tokens: the same id is the same content. */
  id: string;
  /** For people: `fleet.jsonl.gz`, `robot.telemetry/3`. */
  label: string;
  /** Where its events are stored as coming from; an event without an id takes it from there. */
  topic: string;
  partition: number;
  format: TopicFormat;
  /** The place after its last message; absent where only reading it to its end tells. */
  end?: number;
  /** Its messages from a place on, in an order that never changes. @throws CommandError */
  messages(from: number): AsyncIterable<PlacedMessage>;
}
