import { validate } from '@floorwatch/contract';
import type { MessageReader, Preparation } from './message-reader.ts';
import type { Decoder, Outcome } from './outcome.ts';

/** How the messages of one topic become events. */
export interface TopicFormat {
  decode: Decoder;
  preparation?: Preparation | undefined;
  /** `decode` is JSON judged by the contract and nothing else: the fast path may take what it knows for certain. */
  isPlainJson?: boolean;
  /** A message's key may hold what is hidden in its value: dead letters go without it. */
  hidesKeys?: boolean;
}

/** Judges one record by the contract's rules. `raw` is the event's bytes as they were sent. */
export type Judge = (record: unknown, raw: Buffer, nowMs: number) => Outcome;

export const judgeByContract: Judge = (record, raw, nowMs) => ({ ...validate(record, nowMs), raw });

/** Adds to a valid event what is known of its robot. Returns the record itself when that is nothing. */
export type Enrich = (record: object, robotId: string) => object;

export function enrichingJudge(enrich: Enrich): Judge {
  return (record, raw, nowMs) => {
    const verdict = validate(record, nowMs);
    if (!verdict.ok) return { ...verdict, raw };
    const enriched = enrich(record as object, verdict.event.robotId);
    return { ...(enriched === record ? verdict : validate(enriched, nowMs)), raw };
  };
}

/** Each event of a message is read and judged alone. */
export function topicFormat(reader: MessageReader, judge: Judge = judgeByContract): TopicFormat {
  return {
    decode: (value, nowMs) => reader.read(value).map((part) => (part.ok ? judge(part.record, part.raw, nowMs) : part)),
    preparation: reader.preparation,
    isPlainJson: reader.isContractJson === true && judge === judgeByContract,
  };
}
