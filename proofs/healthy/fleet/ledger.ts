import type { RejectReason } from '@floorwatch/contract';
import { bytesOf, isInvalid, type Message } from './message.ts';
import type { RobotReport } from './report.ts';

/** Where an event went, and when. */
interface Sent {
  /** Just before its request to Kafka, milliseconds since the epoch. */
  sentMs: number;
  partition: number;
  offset: number;
  /** Index within its message. */
  part: number;
}

export type SentEvent = RobotReport & Sent;

export interface SentInvalid extends Sent {
  reason: RejectReason;
  rawBytes: number;
  key: string;
}

/** All that was sent. The reference computes every answer from it, so it never asks ClickHouse. */
export class Ledger {
  /** Each robot's events in the order in which they were sent, duplicates too. */
  readonly robots = new Map<string, SentEvent[]>();
  /** The same by partition. */
  readonly partitions = new Map<number, SentEvent[]>();
  readonly invalid: SentInvalid[] = [];
  /** By partition: how far the log reached after each request. */
  readonly ends = new Map<number, { sentMs: number; endOffset: number }[]>();
  /** When requests were sent. */
  readonly ticks: number[] = [];
  /** Settles when no request is under way: what a view showed before is then in the ledger. */
  recorded: Promise<void> = Promise.resolve();

  /** @param firstOffsets the offset that the first message of each partition got */
  add(messages: readonly Message[], sentMs: number, firstOffsets: ReadonlyMap<number, number>): void {
    this.ticks.push(sentMs);
    const next = new Map(firstOffsets);
    for (const message of messages) {
      const { partition, parts, key } = message;
      const offset = next.get(partition);
      if (offset === undefined) throw new Error(`Kafka named no offset for partition ${partition}`);
      next.set(partition, offset + 1);
      for (const [part, content] of parts.entries()) {
        const sent: Sent = { sentMs, partition, offset, part };
        if (isInvalid(content)) {
          const rawBytes = bytesOf(message) === null ? 0 : content.raw.length;
          this.invalid.push({ ...sent, key, rawBytes, reason: content.reason });
        } else {
          const event = { ...content, ...sent };
          append(this.robots, content.robotId, event);
          append(this.partitions, partition, event);
        }
      }
    }
    for (const [partition, endOffset] of next) append(this.ends, partition, { sentMs, endOffset });
  }
}

function append<Key, Item>(lists: Map<Key, Item[]>, key: Key, item: Item): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}
