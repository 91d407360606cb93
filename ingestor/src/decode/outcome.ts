import type { RejectReason, RobotEvent } from '../contract.ts';

/** Why a row is in `dead_letters`: a rule of the contract, or a refusal that only ClickHouse could make. */
export type DeadLetterReason = RejectReason | 'refused_by_clickhouse';

/** What became of one event of a message. `raw` is its bytes as they were sent. */
export type Outcome =
  { ok: true; event: RobotEvent; raw: Buffer } | { ok: false; reason: DeadLetterReason; detail: string; raw: Buffer };

/** Turns one Kafka message into the outcomes of its events, in order; the index in the result is the event's `part`. */
export type Decoder = (value: Buffer | null, nowMs: number) => Outcome[];
