import type { Result, TelemetryMessage } from '@floorwatch/contract';
import { jsonParts } from './json-parts.ts';
import type { MessageReader } from './message-reader.ts';
import { withBytes, type DeadLetterReason, type Decoder, type Outcome } from './outcome.ts';
import { topicFormat } from './topic-format.ts';
import { readable } from './readable.ts';

/** Reads contract events in JSON. */
export const jsonReader: MessageReader = { read: readJson, isContractJson: true };

/** Decodes a message of contract events in JSON. Each event is validated alone. */
export const decodeJson: Decoder = topicFormat(jsonReader).decode;

/**
 * Reads messages of another JSON format and converts them to the fields of the contract, to be validated like any event.
 * @param normalise `normaliseVda5050State`, or `normaliseMassRobotics` with its datums
 */
export function readerOf(normalise: (json: unknown) => Result<TelemetryMessage, DeadLetterReason>): MessageReader {
  return {
    *read(value) {
      for (const part of readJson(value)) yield part.ok ? withBytes(normalise(part.value), part.raw) : part;
    },
  };
}

function readJson(value: Buffer | null): Iterable<Outcome<unknown>> {
  const bytes = readable(value);
  if (!Buffer.isBuffer(bytes)) return [bytes];
  return jsonParts(bytes);
}
