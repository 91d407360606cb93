import { validate, type Result, type RobotEvent } from '@floorwatch/contract';
import { withHeaders } from './stored-headers.ts';
import type { MessageReader, Preparation } from './message-reader.ts';
import { decoderFailed, withBytes, type DeadLetterReason, type Decoder, type Outcome } from './outcome.ts';

/** How to decode the messages of one topic into events. */
export interface TopicFormat {
  decode: Decoder;
  preparation?: Preparation | undefined;
  /**
   * `decode` only reads JSON and applies the contract's rules for an event without these keys, so the fast path may read it. Null: for
   * no event.
   */
  fastPathExcept?: readonly string[] | null;
  /** Names of the headers that are stored with the events of their message; absent: none. */
  storedHeaders?: readonly string[];
  /** Dead letters are stored without the message's key, which may contain masked values. */
  hidesKeys?: boolean;
}

/** Adds the known data of the robot to a valid event. Returns the same record if there is nothing to add. */
export type Enrich = (record: object, robotId: string) => object;

/** What is stored with an event that it does not contain itself. */
export interface Additions {
  enrich?: Enrich | undefined;
  /** As in `TopicFormat`. */
  storedHeaders?: readonly string[];
}

/** Adds to a valid event of a message with these headers. Returns the same record if there is nothing to add. */
export function added(record: object, robotId: string, { enrich }: Additions, headers: object | null): object {
  const enriched = enrich?.(record, robotId) ?? record;
  return headers === null ? enriched : withHeaders(enriched, headers);
}

/** Validates the record as it was sent, and again with what is added. */
function validateAdded(
  record: unknown,
  nowMs: number,
  additions: Additions,
  headers: object | null
): Result<RobotEvent, DeadLetterReason> {
  const result = validate(record, nowMs);
  if (!result.ok) return result;
  const whole = added(record as object, result.value.robotId, additions, headers);
  return whole === record ? result : validate(whole, nowMs);
}

/** Each event of a message is read and validated alone. */
export function topicFormat(reader: MessageReader, additions: Additions = {}): TopicFormat {
  const isPlainJson = reader.isContractJson === true && !additions.enrich;
  return {
    *decode(value, nowMs, headers = null) {
      for (const part of readSafely(reader, value)) yield part.ok ? checked(part, nowMs, additions, headers) : part;
    },
    preparation: reader.preparation,
    fastPathExcept: isPlainJson ? [] : null,
    ...(additions.storedHeaders && { storedHeaders: additions.storedHeaders }),
  };
}

/** The parts of a message, then one dead letter with its bytes if the reader throws. */
export function* readSafely(reader: MessageReader, value: Buffer | null): Generator<Outcome<unknown>> {
  try {
    yield* reader.read(value);
  } catch (error) {
    yield decoderFailed(error, value ?? Buffer.alloc(0));
  }
}

function checked(
  part: Outcome<unknown> & { ok: true },
  nowMs: number,
  additions: Additions,
  headers: object | null
): Outcome<RobotEvent> {
  try {
    return withBytes(validateAdded(part.value, nowMs, additions, headers), part.raw);
  } catch (error) {
    return decoderFailed(error, part.raw);
  }
}
