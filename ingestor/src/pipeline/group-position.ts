import type { Watermarks } from '../kafka/group-consumer.ts';
import type { Checkpoint, LogMark } from './checkpoint-metadata.ts';

/**
 * Why the checkpoint does not describe the log. The names are values of a metric's label.
 * - `missing`: the group has no offset: it is new, its offsets expired, or the topic was created again
 * - `foreign`: another program committed the offset
 * - `truncated`: messages that the checkpoint describes are gone from the end of the log, or replaced by others
 */
export const DOUBTS = ['missing', 'foreign', 'truncated'] as const;
export type Doubt = (typeof DOUBTS)[number];

/** Where to continue, and the batch to rebuild first. */
export interface GroupPosition extends Omit<Checkpoint, 'epoch'> {
  offset: number;
  /** A stored message to recognise the log by; null when none is left in it. */
  mark: LogMark | null;
  /** Null: the log needs a new epoch. */
  epoch: string | null;
  /** Null when the checkpoint describes the log. */
  doubt: Doubt | null;
}

/**
 * Where to continue in the log. Pure function.
 *
 * If the checkpoint does not describe the log, any later message may be stored already, so all of them up to the current end
 * are compared with storage: from the last message that is known to be stored, if it is left; otherwise, from the start of the log. An
 * offset that another program committed is where to start, because somebody has reset the group.
 * @param offset the committed offset; null when there is none
 * @param differsAt the lowest offset at which the log is known to differ from the checkpoint
 */
export function locateIn(
  { low, high }: Watermarks,
  offset: number | null,
  checkpoint: Checkpoint | null,
  differsAt = Infinity
): GroupPosition {
  const marks = (checkpoint?.marks ?? []).filter((mark) => mark.offset < Math.min(high, differsAt));
  const mark = marks.find((each) => each.offset >= low) ?? null;
  const compared = (from: number, doubt: Doubt): GroupPosition => ({
    ...{ offset: Math.max(from, low), claim: null, marks, mark, compareBelow: high, epoch: null, doubt },
  });
  const afterMark = mark ? mark.offset + 1 : low;
  if (offset === null) return compared(afterMark, 'missing');
  const claimEnd = checkpoint?.claim ? checkpoint.claim.last + 1 : offset;
  if (Math.max(offset, claimEnd) > high || differsAt < Infinity) return compared(afterMark, 'truncated');
  if (checkpoint === null) return compared(offset, 'foreign');
  return { offset, ...checkpoint, mark, doubt: null };
}
