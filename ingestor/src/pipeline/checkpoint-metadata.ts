import { crc32 } from 'node:zlib';
import { z } from 'zod';
import type { ConsumedMessage } from '../kafka/group-consumer.ts';

/** A batch whose insert may have started. After a crash, exactly these offsets are read again and validated with the same clock. */
export interface ClaimedBatch {
  /** Last offset of the batch. Its first offset is the committed offset. */
  last: number;
  /** When its first message arrived: its events are validated as of then. */
  validatedAsOfMs: number;
  /** `Batch.digest`: what the batch contained. */
  digest: string;
}

/** A message by which the log is recognised: another log has another message at this offset, or none. */
export interface LogMark {
  offset: number;
  /** Of its timestamp and value. */
  checksum: number;
}

/** The metadata of a committed offset in Kafka. */
export interface Checkpoint {
  /** Identifies the partition's log. Kafka deletes the checkpoint with its topic, so a new topic gets a new epoch. */
  epoch: string;
  claim: ClaimedBatch | null;
  /** Stored messages, the latest first: see `withMark`. */
  marks: readonly LogMark[];
  /** Batches that begin below this offset are compared with storage; 0: none. */
  compareBelow: number;
}

const STORED = z.object({
  v: z.literal(1),
  epoch: z.string().min(1),
  pending: z.tuple([z.number().int(), z.number().int(), z.string()]).optional(),
  marks: z.array(z.tuple([z.number().int(), z.number().int()])).optional(),
  compareBelow: z.number().int().optional(),
});

export function formatCheckpoint({ epoch, claim, marks, compareBelow }: Checkpoint): string {
  return JSON.stringify({
    ...{ v: 1, epoch },
    ...(claim && { pending: [claim.last, claim.validatedAsOfMs, claim.digest] }),
    ...(marks.length > 0 && { marks: marks.map(({ offset, checksum }) => [offset, checksum]) }),
    ...(compareBelow > 0 && { compareBelow }),
  });
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
  const { epoch, pending, marks = [], compareBelow = 0 } = data;
  return {
    epoch,
    claim: pending ? { last: pending[0], validatedAsOfMs: pending[1], digest: pending[2] } : null,
    marks: marks.map(([offset, checksum]) => ({ offset, checksum })),
    compareBelow,
  };
}

export function logMark(offset: number, { timestamp, timestampMs, value }: ConsumedMessage): LogMark {
  const timeMs = timestampMs ?? Number(timestamp);
  return { offset, checksum: crc32(value ?? '', crc32(String(timeMs))) };
}

/** A truncation of fewer messages leaves one of the marks in the log. */
const MARKS_APART = 10_000;

/** The marks after another message was stored: the last one, one of the last 10,000 offsets, and one of the 10,000 before. */
export function withMark(marks: readonly LogMark[], mark: LogMark): LogMark[] {
  const [last = mark, near = mark, far] = marks;
  if (mark.offset - near.offset >= MARKS_APART) return [mark, last, near];
  return far ? [mark, near, far] : [mark, near];
}
