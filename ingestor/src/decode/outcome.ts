import type { RejectReason, RobotEvent } from '../contract.ts';
import type { FormatRejectReason } from '../formats/normalised.ts';
import type { SchemaFormat } from '../schema-registry/payload-reader.ts';

/** Why a message in the schema registry's wire format could not be read. */
export type SchemaRejectReason = 'schema_framing_invalid' | 'schema_unknown' | `${SchemaFormat}_invalid`;

/** Why a row is in `dead_letters`: its bytes, its format, a rule of the contract, or a refusal of ClickHouse alone. */
export type DeadLetterReason = RejectReason | FormatRejectReason | SchemaRejectReason | 'refused_by_clickhouse';

/** What became of one event of a message. `raw` is its bytes as they were sent. */
export type Outcome =
  { ok: true; event: RobotEvent; raw: Buffer } | { ok: false; reason: DeadLetterReason; detail: string; raw: Buffer };

/** Turns one Kafka message into the outcomes of its events, in order; the index in the result is the event's `part`. */
export type Decoder = (value: Buffer | null, nowMs: number) => Outcome[];
