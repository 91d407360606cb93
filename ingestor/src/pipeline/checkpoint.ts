import { z } from 'zod';

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
