import type { DeadLetterReason, Decoder } from '../decode/outcome.ts';
import { EVENT_TYPES } from '../contract.ts';
import type { ConsumedMessage, TopicPartition } from '../kafka/group-consumer.ts';
import { writeDeadLetterRow } from '../rows/dead-letter-row.ts';
import type { Position } from '../rows/position.ts';
import { RowBinaryWriter } from '../rows/row-binary-writer.ts';
import { writeTelemetryRow } from '../rows/telemetry-row.ts';

const KNOWN_TYPES: ReadonlySet<string> = new Set(EVENT_TYPES);

/** Where a row came from; kept only when ClickHouse is known to refuse a row of the range. */
export interface RowSource {
  raw: Buffer;
  key: Buffer | null;
  position: Position;
}

export interface RangeStart {
  of: TopicPartition;
  /** First offset of the range. */
  first: number;
  receivedAtMs: number;
  /** Keep every row's bytes, so that a refused one can become a dead letter. */
  keepSources: boolean;
}

/**
 * One partition's contiguous offsets as the rows of one insert.
 * Invariant: the same messages and the same `receivedAtMs` give the same rows, whoever builds them and whenever.
 */
export class Range {
  readonly of: TopicPartition;
  readonly first: number;
  readonly receivedAtMs: number;
  readonly rows = new RowBinaryWriter();
  readonly deadLetters = new RowBinaryWriter(256);
  readonly rejected = new Map<DeadLetterReason, number>();
  readonly sources: RowSource[] | null;
  last: number;
  messages = 0;
  messageBytes = 0;
  unknownTypes = 0;
  /** Kafka timestamp of the oldest message. */
  oldestMs = Infinity;

  constructor(start: RangeStart) {
    this.of = start.of;
    this.first = start.first;
    this.last = start.first - 1;
    this.receivedAtMs = start.receivedAtMs;
    this.sources = start.keepSources ? [] : null;
  }

  get bufferedBytes(): number {
    return this.rows.byteLength + this.deadLetters.byteLength;
  }

  add(message: ConsumedMessage, decode: Decoder): void {
    const position: Position = { ...this.of, offset: message.offset, part: 0, receivedAtMs: this.receivedAtMs };
    for (const outcome of decode(message.value, this.receivedAtMs)) {
      if (outcome.ok) {
        writeTelemetryRow(this.rows, outcome.event, position);
        this.sources?.push({ raw: outcome.raw, key: message.key, position: { ...position } });
        if (outcome.event.eventType !== '' && !KNOWN_TYPES.has(outcome.event.eventType)) this.unknownTypes++;
      } else {
        this.reject(outcome.reason, outcome.detail, { raw: outcome.raw, key: message.key, position });
      }
      position.part++;
    }
    this.last = message.offset;
    this.messages++;
    this.messageBytes += message.value?.length ?? 0;
    this.oldestMs = Math.min(this.oldestMs, message.timestampMs);
  }

  reject(reason: DeadLetterReason, detail: string, { raw, key, position }: RowSource): void {
    writeDeadLetterRow(this.deadLetters, { reason, detail, raw, key }, position);
    this.rejected.set(reason, (this.rejected.get(reason) ?? 0) + 1);
  }
}
