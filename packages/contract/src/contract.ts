/**
 * The event contract: what a robot may publish, and the first rule that a bad event breaks.
 * The pipeline, the demo fleet and the Grafana plugin all read it; of ours it imports the map frame alone.
 * `sql/` holds the same rules for ClickHouse's own Kafka path; `ingestor/test/path-parity.test.ts` holds the two equal.
 */
import { MAX_COORDINATE_METRES, normaliseRadians } from '@floorwatch/floorplan/map-frame';

export { MAX_COORDINATE_METRES, normaliseRadians };

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

/** The states a robot may report. `silent` is not among them: silence is what we conclude, not what a robot says. */
export const ROBOT_STATES = [
  'working',
  'idle',
  'charging',
  'blocked',
  'error',
  'manual',
  'maintenance',
  'offline',
] as const;
export type RobotState = (typeof ROBOT_STATES)[number];

/** A Kafka message above this many bytes is dead-lettered unread. */
export const MAX_MESSAGE_BYTES = 1_048_576;
/** Longest `robot_id`, in Unicode code points. */
export const MAX_ROBOT_ID_CHARS = 128;
/** Longest `task_id`, `map_id`, `site_id`, `error_code`, `event_type`, `meta.firmware`, in Unicode code points. */
export const MAX_TEXT_CHARS = 256;
/** Largest |speed| in m/s. */
export const MAX_SPEED_METRES_PER_SECOND = 1e4;
/** Largest |theta| in radians: beyond it a Float64 no longer tells directions apart well enough to normalise. */
export const MAX_THETA_RADIANS = 1e6;
/** An event this far ahead of the ingesting clock is refused. */
export const MAX_AHEAD_MS = 24 * 3_600_000;
/** An event older than the raw retention is refused: its row would be deleted as soon as it was written. */
export const RAW_RETENTION_MS = 90 * 24 * 3_600_000;

/** Why an event was refused, in the order in which the rules are tried: the first one broken names the dead letter. */
export const REJECT_REASONS = [
  'tombstone',
  'message_too_large',
  'invalid_utf8',
  'invalid_json',
  'not_an_object',
  'event_id_invalid',
  'robot_id_missing',
  'robot_id_invalid',
  'ts_missing',
  'ts_invalid',
  'ts_too_old',
  'ts_too_far_ahead',
  'event_type_invalid',
  'task_id_invalid',
  'position_incomplete',
  'position_invalid',
  'theta_invalid',
  'map_id_invalid',
  'site_id_invalid',
  'speed_invalid',
  'battery_invalid',
  'battery_out_of_range',
  'state_invalid',
  'error_code_invalid',
  'meta_invalid',
] as const;
export type RejectReason = (typeof REJECT_REASONS)[number];

/** An event as it travels: one JSON object. Only `robot_id` and `ts` are required; `null` means absent throughout. */
export interface TelemetryMessage {
  event_id?: string | null;
  robot_id: string;
  /** ISO 8601 (no zone means UTC) or epoch milliseconds. */
  ts: string | number;
  event_type?: EventType | (string & {}) | null;
  task_id?: string | null;
  /** Metres, map frame, right-handed, y up. Whole or absent together with `y`. */
  x?: number | null;
  y?: number | null;
  /** Radians, counter-clockwise from +x. Absent: `meta.heading`, where the first robots reported it. */
  theta?: number | null;
  map_id?: string | null;
  site_id?: string | null;
  /** m/s */
  speed?: number | null;
  /** Percent, 0 to 100. */
  battery?: number | null;
  state?: RobotState | null;
  error_code?: string | null;
  meta?: Record<string, unknown> | null;
}

/** An event that kept every rule, in Floorwatch's own units. */
export interface RobotEvent {
  /** Lower-case UUID; null when the robot sent none (it is then derived from the Kafka position, see `event-id.ts`). */
  eventId: string | null;
  robotId: string;
  /** Event time, milliseconds since the epoch, UTC. */
  tsMs: number;
  /** '' when absent. */
  eventType: string;
  taskId: string | null;
  xMetres: number | null;
  yMetres: number | null;
  /** In (−π, π]. */
  headingRadians: number | null;
  mapId: string | null;
  siteId: string | null;
  speedMetresPerSecond: number | null;
  batteryPercent: number | null;
  state: RobotState | null;
  errorCode: string | null;
  firmware: string | null;
  /** The `meta` object as JSON text; '' when absent. */
  meta: string;
}

export type Validation = { ok: true; event: RobotEvent } | { ok: false; reason: RejectReason; detail: string };

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const ISO_8601 = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):?(\d\d))?$/;
const STATES: ReadonlySet<string> = new Set(ROBOT_STATES);

/**
 * Milliseconds since the epoch for a contract `ts`, or null when it is neither ISO 8601 nor a finite epoch-ms number.
 * Fractions are truncated to milliseconds; a date that the calendar does not have (30 February) is null.
 */
export function parseTimestampMs(ts: string | number): number | null {
  if (typeof ts === 'number') return Number.isFinite(ts) ? Math.trunc(ts) : null;
  const m = ISO_8601.exec(ts);
  if (!m) return null;
  const [year, month, day, hour, minute, second] = [m[1], m[2], m[3], m[4], m[5], m[6]].map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (hour > 23 || minute > 59 || second > 59) return null;
  const midnight = new Date(Date.UTC(year, month - 1, day));
  if (midnight.getUTCMonth() !== month - 1 || midnight.getUTCDate() !== day) return null;
  const offsetMinutes = m[8] ? (m[8] === '-' ? -1 : 1) * (Number(m[9]) * 60 + Number(m[10])) : 0;
  const millis = m[7] ? Math.trunc(Number(`0.${m[7]}`) * 1000 + 1e-7) : 0;
  return midnight.getTime() + ((hour * 60 + minute - offsetMinutes) * 60 + second) * 1000 + millis;
}

/** True when the text has 1 to `max` code points and can be written as UTF-8 (no lone surrogate). */
function isText(value: unknown, max: number): value is string {
  if (typeof value !== 'string' || value.length === 0 || !value.isWellFormed()) return false;
  return value.length <= max || (value.length <= 2 * max && Array.from(value).length <= max);
}

function isNumberWithin(value: unknown, limit: number): value is number {
  return typeof value === 'number' && Math.abs(value) <= limit;
}

/**
 * Checks one parsed JSON value against the contract.
 * @param nowMs the ingesting clock, milliseconds since the epoch
 */
export function validate(json: unknown, nowMs: number): Validation {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    return reject('not_an_object', `got ${json === null ? 'null' : Array.isArray(json) ? 'an array' : typeof json}`);
  }
  const m = json as Record<string, unknown>;

  const eventId = m['event_id'] ?? null;
  if (eventId !== null && !(typeof eventId === 'string' && UUID.test(eventId))) {
    return reject('event_id_invalid', 'event_id is not a UUID');
  }

  const robotId = m['robot_id'] ?? null;
  if (robotId === null) return reject('robot_id_missing', 'robot_id is required');
  if (!isText(robotId, MAX_ROBOT_ID_CHARS)) {
    return reject('robot_id_invalid', `robot_id must be text of 1 to ${MAX_ROBOT_ID_CHARS} characters`);
  }

  const ts = m['ts'] ?? null;
  if (ts === null) return reject('ts_missing', 'ts is required');
  const tsMs = typeof ts === 'string' || typeof ts === 'number' ? parseTimestampMs(ts) : null;
  if (tsMs === null) return reject('ts_invalid', 'ts is neither ISO 8601 nor epoch milliseconds');
  if (tsMs < nowMs - RAW_RETENTION_MS) return reject('ts_too_old', 'ts is older than the raw retention of 90 days');
  if (tsMs > nowMs + MAX_AHEAD_MS) return reject('ts_too_far_ahead', 'ts is more than 1 day ahead');

  const eventType = m['event_type'] ?? null;
  if (eventType !== null && !isText(eventType, MAX_TEXT_CHARS)) return rejectText('event_type');
  const taskId = m['task_id'] ?? null;
  if (taskId !== null && !isText(taskId, MAX_TEXT_CHARS)) return rejectText('task_id');

  const x = m['x'] ?? null;
  const y = m['y'] ?? null;
  if ((x === null) !== (y === null)) {
    return reject('position_incomplete', `${x === null ? 'x' : 'y'} is absent, the other is not`);
  }
  if (x !== null && !(isNumberWithin(x, MAX_COORDINATE_METRES) && isNumberWithin(y, MAX_COORDINATE_METRES))) {
    return reject('position_invalid', `x and y must be numbers within ±${MAX_COORDINATE_METRES} m`);
  }

  const meta = m['meta'] ?? null;
  const metaIsObject = typeof meta === 'object' && meta !== null && !Array.isArray(meta);
  const metaFields = (metaIsObject ? meta : {}) as Record<string, unknown>;

  const theta = m['theta'] ?? (Number.isFinite(metaFields['heading']) ? metaFields['heading'] : null);
  if (theta !== null && !isNumberWithin(theta, MAX_THETA_RADIANS)) {
    return reject('theta_invalid', `theta must be a number within ±${MAX_THETA_RADIANS} rad`);
  }

  const mapId = m['map_id'] ?? null;
  if (mapId !== null && !isText(mapId, MAX_TEXT_CHARS)) return rejectText('map_id');
  const siteId = m['site_id'] ?? null;
  if (siteId !== null && !isText(siteId, MAX_TEXT_CHARS)) return rejectText('site_id');

  const speed = m['speed'] ?? null;
  if (speed !== null && !isNumberWithin(speed, MAX_SPEED_METRES_PER_SECOND)) {
    return reject('speed_invalid', `speed must be a number within ±${MAX_SPEED_METRES_PER_SECOND} m/s`);
  }

  const battery = m['battery'] ?? null;
  if (battery !== null && typeof battery !== 'number') return reject('battery_invalid', 'battery must be a number');
  if (battery !== null && !(battery >= 0 && battery <= 100)) {
    return reject('battery_out_of_range', `battery ${battery} is not within 0 to 100 percent`);
  }

  const state = m['state'] ?? null;
  if (state !== null && !(typeof state === 'string' && STATES.has(state))) {
    return reject('state_invalid', `state must be one of ${ROBOT_STATES.join(', ')}`);
  }
  const errorCode = m['error_code'] ?? null;
  if (errorCode !== null && !isText(errorCode, MAX_TEXT_CHARS)) return rejectText('error_code');
  if (meta !== null && !metaIsObject) return reject('meta_invalid', 'meta must be an object');
  const firmware = metaFields['firmware'];

  return {
    ok: true,
    event: {
      eventId: eventId === null ? null : eventId.toLowerCase(),
      robotId,
      tsMs,
      eventType: eventType ?? '',
      taskId,
      xMetres: x,
      yMetres: y as number | null,
      headingRadians: theta === null ? null : normaliseRadians(theta),
      mapId,
      siteId,
      speedMetresPerSecond: speed,
      batteryPercent: battery,
      state: state as RobotState | null,
      errorCode,
      firmware: isText(firmware, MAX_TEXT_CHARS) ? firmware : null,
      meta: meta === null ? '' : JSON.stringify(meta),
    },
  };
}

function reject(reason: RejectReason, detail: string): Validation {
  return { ok: false, reason, detail };
}

function rejectText(field: 'event_type' | 'task_id' | 'map_id' | 'site_id' | 'error_code'): Validation {
  return reject(`${field}_invalid`, `${field} must be text of 1 to ${MAX_TEXT_CHARS} characters`);
}
