/**
 * The event contract: the fields that a robot may publish, and the first rule that an invalid event breaks.
 * The pipeline, the demo fleet and the Grafana plugin use it. Of our packages, it imports only the map frame.
 * `event-fields.ts` lists the fields; `validate.ts` applies their rules. `sql/views/kafka_engine.sql` has the same rules
 * for the Kafka engine path, and `ingestor/test/path-parity.test.ts` checks that both agree.
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
export { IDENTITY_FIELDS } from './identity.ts';
export { REJECT_REASONS, type RejectReason } from './reject-reasons.ts';
export { reject, type Rejection, type Result } from './result.ts';
export { validate } from './validate.ts';

export const DATABASE = 'warehouse';
export const DEFAULT_TOPIC = 'robot.telemetry';
export const DEFAULT_DEAD_LETTER_TOPIC = 'robot.telemetry.dlq';

/** Known event types. Events with an unknown type are stored and counted, so that new robot firmware loses no data. */
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

/** A Kafka message with more bytes becomes a dead letter without being parsed. */
export const MAX_MESSAGE_BYTES = 1_048_576;
