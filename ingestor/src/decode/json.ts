import type { Normalised } from '../formats/normalised.ts';
import { jsonParts } from './json-parts.ts';
import type { MessageReader, ReadPart } from './message-reader.ts';
import type { Decoder } from './outcome.ts';
import { topicFormat } from './topic-format.ts';
import { readable } from './readable.ts';

/** Reads contract events in JSON. */
export const jsonReader: MessageReader = { read: readJson, isContractJson: true };

/** Decodes a message of contract events in JSON. Each event is judged alone. */
export const decodeJson: Decoder = topicFormat(jsonReader).decode;

/**
 * Reads messages of another JSON format: each is put into the contract's terms, to be judged like any event.
 * @param normalise `normaliseVda5050State`, or `normaliseMassRobotics` with its datums
 */
export function readerOf(normalise: (json: unknown) => Normalised): MessageReader {
  return {
    read: (value) =>
      readJson(value).map((part) => {
        if (!part.ok) return part;
        const normalised = normalise(part.record);
        return normalised.ok
          ? { ok: true, record: normalised.message, raw: part.raw }
          : { ...normalised, raw: part.raw };
      }),
  };
}

function readJson(value: Buffer | null): ReadPart[] {
  const bytes = readable(value);
  if (!Buffer.isBuffer(bytes)) return [bytes];
  return jsonParts(bytes).map((part) => (part.ok ? { ok: true, record: part.json, raw: part.raw } : part));
}
