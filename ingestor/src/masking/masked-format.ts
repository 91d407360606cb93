import { validate, type RobotEvent } from '@floorwatch/contract';
import type { MessageReader } from '../decode/message-reader.ts';
import type { Outcome } from '../decode/outcome.ts';
import type { Enrich, TopicFormat } from '../decode/topic-format.ts';
import { maskRecord, type Masking } from './mask-record.ts';

const NOTHING = Buffer.alloc(0);

/**
 * A topic's format with fields masked before anything is stored or dead-lettered.
 *
 * Invariant: no byte of a message gets further than here unless it has been read as a record and its fields masked.
 * So the bytes of a dead letter are its masked record as JSON, whatever the topic's format; what cannot be read cannot be
 * masked either, and leaves no bytes but their number (the message itself is still in Kafka, at the dead letter's
 * offset). Keys, and details that might quote a field, are left out.
 */
export function maskedFormat(reader: MessageReader, masking: Masking, enrich?: Enrich): TopicFormat {
  return {
    decode: (value, nowMs) =>
      reader
        .read(value)
        .map((part) =>
          part.ok && isObject(part.value) ? judgeMasked(part.value, masking, enrich, nowMs) : withheld(part, nowMs)
        ),
    preparation: reader.preparation,
    hidesKeys: true,
  };
}

/** The event is judged as it was sent, and then masked: masking makes no event good or bad. */
function judgeMasked(record: object, masking: Masking, enrich: Enrich | undefined, nowMs: number): Outcome<RobotEvent> {
  const verdict = validate(record, nowMs);
  const enriched = enrich && verdict.ok ? enrich(record, verdict.value.robotId) : record;
  const masked = maskRecord(enriched, masking);
  const raw = Buffer.from(JSON.stringify(masked));
  const maskedVerdict = validate(masked, nowMs);
  if (verdict.ok) return { ...maskedVerdict, raw };
  const isSaidOfMasked = !maskedVerdict.ok && maskedVerdict.reason === verdict.reason;
  const detail = isSaidOfMasked
    ? maskedVerdict.detail
    : 'the detail is withheld, because it could quote a masked field';
  return { ok: false, reason: verdict.reason, detail, raw };
}

function withheld(part: Outcome<unknown>, nowMs: number): Outcome<never> {
  if (!part.ok && part.raw.length === 0) return part;
  const verdict = part.ok ? validate(part.value, nowMs) : part;
  const reason = verdict.ok ? 'not_an_object' : verdict.reason;
  const detail = `${part.raw.length} bytes are withheld: they cannot be read, and so their fields cannot be masked`;
  return { ok: false, reason, detail, raw: NOTHING };
}

function isObject(record: unknown): record is object {
  return typeof record === 'object' && record !== null && !Array.isArray(record);
}
