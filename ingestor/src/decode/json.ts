import { validate } from '../contract.ts';
import type { Normalised } from '../formats/normalised.ts';
import { jsonParts } from './json-parts.ts';
import type { Decoder, Outcome } from './outcome.ts';
import { readable } from './unreadable.ts';

/** Decodes a message of contract events in JSON. Each event is judged alone. */
export const decodeJson: Decoder = (value, nowMs) => decodeParts(value, (json) => validate(json, nowMs));

/**
 * Decodes messages of another JSON format: each is first put into the contract's terms, then judged like any event.
 * @param normalise `normaliseVda5050State`, or `normaliseMassRobotics` with its datums
 */
export function decoderOf(normalise: (json: unknown) => Normalised): Decoder {
  return (value, nowMs) =>
    decodeParts(value, (json) => {
      const normalised = normalise(json);
      return normalised.ok ? validate(normalised.message, nowMs) : normalised;
    });
}

type Judgement = { ok: true; event: (Outcome & { ok: true })['event'] } | Omit<Outcome & { ok: false }, 'raw'>;

function decodeParts(value: Buffer | null, judge: (json: unknown) => Judgement): Outcome[] {
  const bytes = readable(value);
  if (!Buffer.isBuffer(bytes)) return [bytes];
  return jsonParts(bytes).map((part) => (part.ok ? { ...judge(part.json), raw: part.raw } : part));
}
