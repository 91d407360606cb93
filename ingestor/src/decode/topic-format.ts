import { validate, type Result, type RobotEvent } from '@floorwatch/contract';
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
  /** Dead letters are stored without the message's key, which may contain masked values. */
  hidesKeys?: boolean;
}

/** Validates one record with the contract's fields. */
export type Validate = (record: unknown, nowMs: number) => Result<RobotEvent, DeadLetterReason>;

/** Adds the known data of the robot to a valid event. Returns the same record if there is nothing to add. */
export type Enrich = (record: object, robotId: string) => object;

/** Validates the record as it was sent, and again after enrichment. */
export function validateEnriched(enrich: Enrich): Validate {
  return (record, nowMs) => {
    const result = validate(record, nowMs);
    if (!result.ok) return result;
    const enriched = enrich(record as object, result.value.robotId);
    return enriched === record ? result : validate(enriched, nowMs);
  };
}

/** Each event of a message is read and validated alone. */
export function topicFormat(reader: MessageReader, check: Validate = validate): TopicFormat {
  const isPlainJson = reader.isContractJson === true && check === validate;
  return {
    *decode(value, nowMs) {
      for (const part of readSafely(reader, value)) yield part.ok ? checked(part, check, nowMs) : part;
    },
    preparation: reader.preparation,
    fastPathExcept: isPlainJson ? [] : null,
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

function checked(part: Outcome<unknown> & { ok: true }, check: Validate, nowMs: number): Outcome<RobotEvent> {
  try {
    return withBytes(check(part.value, nowMs), part.raw);
  } catch (error) {
    return decoderFailed(error, part.raw);
  }
}
