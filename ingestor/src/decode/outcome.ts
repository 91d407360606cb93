import { REJECT_REASONS, type RejectReason, type Result, type RobotEvent } from '@floorwatch/contract';

/** Why a third-party message could not be read as an event of the contract. */
const FORMAT_REJECT_REASONS = [
  'vda5050_invalid',
  'vda5050_version_unsupported',
  'massrobotics_invalid',
  'planar_datum_unknown',
] as const;
export type FormatRejectReason = (typeof FORMAT_REJECT_REASONS)[number];

/** Why a message in the schema registry's wire format could not be read. */
const SCHEMA_REJECT_REASONS = [
  'schema_framing_invalid',
  'schema_unknown',
  'avro_invalid',
  'protobuf_invalid',
  'json_invalid',
] as const;

/** Why an event was not even read or stored, whatever its format. */
const PROCESSING_REASONS = [
  /** The decoder threw an exception. */
  'decoder_failed',
  /** The record batch of the message is corrupt. */
  'batch_invalid',
  /** `ingestor skip` moved the group past the offset. */
  'skipped_by_operator',
  'refused_by_clickhouse',
] as const;

/** Why a row is in `dead_letters`: its bytes, its format, a rule of the contract, or what happened to it on the way. */
export type DeadLetterReason =
  RejectReason | FormatRejectReason | (typeof SCHEMA_REJECT_REASONS)[number] | (typeof PROCESSING_REASONS)[number];

export const DEAD_LETTER_REASONS: readonly DeadLetterReason[] = [
  ...REJECT_REASONS,
  ...FORMAT_REJECT_REASONS,
  ...SCHEMA_REJECT_REASONS,
  ...PROCESSING_REASONS,
];

/** The result of a step for one event of a message, with the event's original bytes. */
export type Outcome<Value> = Result<Value, DeadLetterReason> & { raw: Buffer };

export function withBytes<Value>(result: Result<Value, DeadLetterReason>, raw: Buffer): Outcome<Value> {
  return result.ok
    ? { ok: true, value: result.value, raw }
    : { ok: false, reason: result.reason, detail: result.detail, raw };
}

/** The dead letter of an exception in a decoder. Decoders do not touch infrastructure, so a retry would fail again. */
export function decoderFailed(error: unknown, raw: Buffer): Outcome<never> & { ok: false } {
  return { ok: false, reason: 'decoder_failed', detail: `the decoder failed: ${(error as Error).message}`, raw };
}

/**
 * Turns one Kafka message into the outcomes of its events, in order and one by one; the index is the event's `part`. It does not throw.
 * @param headers to store with each valid event; null or absent: none
 */
export type Decoder = (value: Buffer | null, nowMs: number, headers?: object | null) => Iterable<Outcome<RobotEvent>>;
