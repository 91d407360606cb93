/**
 * What is wrong with a record batch, in the order of the checks: it has no plausible length or format, it is cut off, it is not
 * where it was requested, its checksum is wrong, it cannot be decompressed, or its records are not well-formed.
 */
export const INVALID_BATCH_CAUSES = ['format', 'truncated', 'offset', 'crc', 'compression', 'records'] as const;
export type InvalidBatchCause = (typeof INVALID_BATCH_CAUSES)[number];

/** A record batch cannot be decoded. */
export class InvalidBatchError extends Error {
  override name = 'InvalidBatchError';
  readonly kind: InvalidBatchCause;

  constructor(kind: InvalidBatchCause, message: string) {
    super(message);
    this.kind = kind;
  }
}

/** A record batch that could not be decoded in several fetches. */
export interface InvalidBatch {
  cause: InvalidBatchCause;
  /** For the dead letters: the error, and the offsets. */
  detail: string;
  firstOffset: number;
  lastOffset: number;
  /** The bytes of the batch, or their beginning. Empty when they must not be stored. */
  bytes: Buffer;
}

/** Maximum number of its bytes that are stored. */
const STORED_BYTES = 1 << 20;
/** A batch that claims more offsets has one dead letter for all of them. */
const MAX_DEAD_LETTERS = 100_000;

/** Takes the place of a message of an invalid batch, so that its offset becomes a dead letter. */
export class InvalidMessage {
  readonly offsetNumber: number;
  readonly arrivedAtMs: number;
  readonly isControlRecord = false;
  readonly attributes = 0;
  readonly key = null;
  readonly value = null;
  readonly headers = {};
  readonly invalidBatch: InvalidBatch;

  constructor(offset: number, arrivedAtMs: number, invalidBatch: InvalidBatch) {
    this.offsetNumber = offset;
    this.arrivedAtMs = arrivedAtMs;
    this.invalidBatch = invalidBatch;
  }

  get offset(): string {
    return String(this.offsetNumber);
  }

  /** The batch's own time is not reliable. */
  get timestamp(): string {
    return String(this.arrivedAtMs);
  }

  get timestampMs(): number {
    return this.arrivedAtMs;
  }
}

/** One message per offset of the batch. */
export function invalidMessages(
  bytes: Buffer,
  range: { firstOffset: number; lastOffset: number },
  error: InvalidBatchError,
  arrivedAtMs: number
): InvalidMessage[] {
  const { firstOffset, lastOffset } = range;
  const stored = bytes.subarray(0, STORED_BYTES);
  const part =
    stored.length < bytes.length ? `; the first ${stored.length} of its ${bytes.length} bytes are stored` : '';
  const invalidBatch: InvalidBatch = {
    cause: error.kind,
    detail: `the record batch of offsets ${firstOffset} to ${lastOffset} cannot be read: ${error.message}${part}`,
    ...range,
    // A copy: a dead letter must not keep the whole response in memory.
    bytes: Buffer.from(stored),
  };
  const count = lastOffset - firstOffset + 1;
  return Array.from(
    { length: count > MAX_DEAD_LETTERS ? 1 : count },
    (_, i) => new InvalidMessage(firstOffset + i, arrivedAtMs, invalidBatch)
  );
}
