import { validate, type RobotEvent } from '@floorwatch/contract';
import type { MessageReader } from '../decode/message-reader.ts';
import { decoderFailed, type Outcome } from '../decode/outcome.ts';
import { added, readSafely, type Additions, type TopicFormat } from '../decode/topic-format.ts';
import { maskRecord, type Masking } from './mask-record.ts';

const NOTHING = Buffer.alloc(0);

/** Adds what is stored with a valid event. */
type Whole = (record: object, robotId: string) => object;

/**
 * A topic's format with fields masked before anything is stored or dead-lettered.
 *
 * Invariant: no byte of a message leaves this module unless the message was read as a record and its fields were masked.
 * So the bytes of a dead letter are its masked record as JSON, in every topic format. A message that cannot be read cannot be
 * masked either: its dead letter contains only the number of bytes. (The message itself is still in Kafka, at the dead letter's
 * offset.) Keys, and details that could quote a field, are not stored.
 */
export function maskedFormat(reader: MessageReader, masking: Masking, additions: Additions = {}): TopicFormat {
  return {
    *decode(value, nowMs, headers = null) {
      const whole = (record: object, robotId: string) => added(record, robotId, additions, headers);
      for (const part of readSafely(reader, value)) yield maskedPart(part, masking, whole, nowMs);
    },
    preparation: reader.preparation,
    hidesKeys: true,
    ...(additions.storedHeaders && { storedHeaders: additions.storedHeaders }),
    // An event without the key where a rule enters it, or enters `meta`, is stored as it is.
    fastPathExcept:
      reader.isContractJson === true && !additions.enrich ? masking.rules.map(({ path }) => entryKey(path)) : null,
  };
}

function entryKey([first = '', second]: readonly string[]): string {
  return first === 'meta' && second !== undefined ? second : first;
}

function maskedPart(part: Outcome<unknown>, masking: Masking, whole: Whole, nowMs: number): Outcome<RobotEvent> {
  try {
    return part.ok && isObject(part.value) ? validateMasked(part.value, masking, whole, nowMs) : withheld(part, nowMs);
  } catch (error) {
    return withheld(decoderFailed(error, part.raw), nowMs);
  }
}

/** Validates the event before masking it, so masking cannot make an event valid or invalid. */
function validateMasked(record: object, masking: Masking, whole: Whole, nowMs: number): Outcome<RobotEvent> {
  const verdict = validate(record, nowMs);
  const enriched = verdict.ok ? whole(record, verdict.value.robotId) : record;
  const masked = maskRecord(enriched, masking);
  const maskedVerdict = masked === record ? verdict : validate(masked, nowMs);
  if (verdict.ok) {
    return maskedVerdict.ok ? new MaskedEvent(maskedVerdict.value, masked) : { ...maskedVerdict, raw: bytesOf(masked) };
  }
  const raw = bytesOf(masked);
  const isSaidOfMasked = !maskedVerdict.ok && maskedVerdict.reason === verdict.reason;
  const detail = isSaidOfMasked
    ? maskedVerdict.detail
    : 'the detail is withheld, because it could quote a masked field';
  return { ok: false, reason: verdict.reason, detail, raw };
}

/** The bytes of a valid event are rarely needed, and cost as much as its validation. */
class MaskedEvent {
  readonly ok = true;
  readonly value: RobotEvent;
  readonly #masked: object;

  constructor(value: RobotEvent, masked: object) {
    this.value = value;
    this.#masked = masked;
  }

  get raw(): Buffer {
    return bytesOf(this.#masked);
  }
}

function bytesOf(masked: object): Buffer {
  return Buffer.from(JSON.stringify(masked));
}

function withheld(part: Outcome<unknown>, nowMs: number): Outcome<never> {
  if (!part.ok && part.raw.length === 0) return part;
  const verdict = part.ok ? validate(part.value, nowMs) : part;
  const reason = verdict.ok ? 'not_an_object' : verdict.reason;
  const detail = `${part.raw.length} bytes are withheld: the message cannot be read, so its fields cannot be masked`;
  return { ok: false, reason, detail, raw: NOTHING };
}

function isObject(record: unknown): record is object {
  return typeof record === 'object' && record !== null && !Array.isArray(record);
}
