/**
 * The event contract: what a robot may publish, and the first rule that an invalid event breaks.
 * The pipeline, the demo fleet and the Grafana plugin all read it; of ours it imports the map frame alone.
 * `event-fields.ts` lists the fields; `validate.ts` applies their rules. `sql/views/kafka_engine.sql` holds the same rules
 * for ClickHouse's own Kafka path, and `ingestor/test/path-parity.test.ts` holds the two equal.
 */
export { MAX_COORDINATE_METRES, normaliseRadians } from '@floorwatch/floorplan/map-frame';
export { ROBOT_STATES, type RobotEvent, type RobotState, type TelemetryMessage } from './event.ts';
export type { EventField, MaskKind } from './event-field.ts';
export {
  EVENT_FIELDS,
  fieldIndex,
  MAX_TEXT_CHARS,
  MAX_THETA_RADIANS,
  MESSAGE_FIELDS,
  TOOLTIP_FIELDS,
  type TooltipName,
} from './event-fields.ts';
export { MAX_AHEAD_MS, parseTimestampMs, RAW_RETENTION_MS } from './event-time.ts';
export { REJECT_REASONS, type RejectReason } from './reject-reasons.ts';
export { reject, type Rejection, type Result } from './result.ts';
export { validate } from './validate.ts';

export const DATABASE = 'warehouse';
export const DEFAULT_TOPIC = 'robot.telemetry';
export const DEFAULT_DEAD_LETTER_TOPIC = 'robot.telemetry.dlq';

/** Known event types. An unknown one is kept and counted, because a new robot firmware must not lose its data. */
export const EVENT_TYPES = [
  'POSITION_UPDATE',
  'STATE_CHANGE',
  'TASK_STARTED',
  'TASK_COMPLETED',
  'TASK_FAILED',
  'BATTERY',
  'ERROR',
  'HEARTBEAT',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** A Kafka message above this many bytes is dead-lettered unread. */
export const MAX_MESSAGE_BYTES = 1_048_576;
