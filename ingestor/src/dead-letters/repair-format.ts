import { decodeJson } from '../decode/json.ts';
import type { Decoder, Outcome } from '../decode/outcome.ts';
import type { TopicFormat } from '../decode/topic-format.ts';
import type { DeadLetterId } from './dead-letter-key.ts';

export type FormatOf = (topic: string) => TopicFormat;

/** A dead letter and the bytes to store: its own, or corrected ones. */
export interface RepairRequest {
  key: DeadLetterId;
  payload: Buffer;
}

/** Reasons that occur when JSON rules are applied to another format. The decoder of that format then gives a better reason. */
const SAYS_ANOTHER_FORMAT: ReadonlySet<string> = new Set(['invalid_utf8', 'invalid_json', 'robot_id_missing']);

/**
 * Reads the payload of a repair: JSON of the contract, or else the format of the dead letter's topic.
 *
 * It tries JSON of the contract first, because a corrected payload has this format in every topic, and because masked dead
 * letters have it and must not be masked again. No other format can be mistaken for it: none has `robot_id` in plain JSON.
 */
export function repairDecoder(format: TopicFormat): Decoder {
  const isPlainJson = format.fastPathExcept?.length === 0;
  return (payload, nowMs) => {
    const ofContract = [...decodeJson(payload, nowMs)];
    const broken = ofContract.find(isBroken);
    if (!broken || isPlainJson || !SAYS_ANOTHER_FORMAT.has(broken.reason)) return ofContract;
    return format.decode(payload, nowMs);
  };
}

function isBroken(outcome: Outcome<unknown>): outcome is Outcome<never> & { ok: false } {
  return !outcome.ok;
}

/** Fetches the schemas that the payloads need. @throws SchemaRegistryError when the registry does not respond */
export async function prepareFormats(requests: readonly RepairRequest[], formatOf: FormatOf): Promise<void> {
  for (const [topic, ofTopic] of Map.groupBy(requests, ({ key }) => key.topic)) {
    const { preparation } = formatOf(topic);
    const payloads = ofTopic.map(({ payload }) => payload);
    if (preparation?.isReady(payloads) === false) await preparation.prepare(payloads);
  }
}
