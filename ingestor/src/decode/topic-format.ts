import { validate, type Result, type RobotEvent } from '@floorwatch/contract';
import type { MessageReader, Preparation } from './message-reader.ts';
import { withBytes, type DeadLetterReason, type Decoder } from './outcome.ts';

/** How the messages of one topic become events. */
export interface TopicFormat {
  decode: Decoder;
  preparation?: Preparation | undefined;
  /** `decode` reads JSON and applies the contract's rules, nothing else: the fast path may take what it knows for certain. */
  isPlainJson?: boolean;
  /** A message's key may hold what is hidden in its value: dead letters go without it. */
  hidesKeys?: boolean;
}

/** Checks one record in the contract's terms. */
export type Validate = (record: unknown, nowMs: number) => Result<RobotEvent, DeadLetterReason>;

/** Adds to a valid event what is known of its robot. Returns the record itself when that is nothing. */
export type Enrich = (record: object, robotId: string) => object;

/** Validates the record as it was sent, and again with what enrichment added. */
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
  return {
    decode: (value, nowMs) =>
      reader.read(value).map((part) => (part.ok ? withBytes(check(part.value, nowMs), part.raw) : part)),
    preparation: reader.preparation,
    isPlainJson: reader.isContractJson === true && check === validate,
  };
}
