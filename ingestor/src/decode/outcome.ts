import { REJECT_REASONS, type RobotEvent } from '@floorwatch/contract';
import { FORMAT_REJECT_REASONS } from '../formats/normalised.ts';

/** Why a message in the schema registry's wire format could not be read. */
const SCHEMA_REJECT_REASONS = [
  'schema_framing_invalid',
  'schema_unknown',
  'avro_invalid',
  'protobuf_invalid',
  'json_invalid',
] as const;

/** Why a row is in `dead_letters`: its bytes, its format, a rule of the contract, or a refusal of ClickHouse alone. */
export const DEAD_LETTER_REASONS = [
  ...REJECT_REASONS,
  ...FORMAT_REJECT_REASONS,
  ...SCHEMA_REJECT_REASONS,
  'refused_by_clickhouse',
] as const;
export type DeadLetterReason = (typeof DEAD_LETTER_REASONS)[number];

/** What became of one event of a message. `raw` is its bytes as they were sent. */
export type Outcome =
  { ok: true; event: RobotEvent; raw: Buffer } | { ok: false; reason: DeadLetterReason; detail: string; raw: Buffer };

/** Turns one Kafka message into the outcomes of its events, in order; the index in the result is the event's `part`. */
export type Decoder = (value: Buffer | null, nowMs: number) => Outcome[];
