import { normaliseRadians } from '@floorwatch/floorplan/map-frame';
import type { EventField } from './event-field.ts';
import { ROBOT_STATES } from './event.ts';
import { MAX_AHEAD_MS, parseTimestampMs, RAW_RETENTION_MS } from './event-time.ts';
import { invalidReason, outOfRangeReason, type RejectReason } from './reject-reasons.ts';
import { reject, type Rejection } from './result.ts';

/** The value of `RobotEvent` for a value that is present in the message, or why the event is invalid. */
export type FieldRule = (value: unknown, nowMs: number) => string | number | Rejection<RejectReason>;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const STATES: ReadonlySet<unknown> = new Set(ROBOT_STATES);

/** The rule of one field. Its messages are created once, not per event. */
export function fieldRule(field: EventField): FieldRule {
  const { name } = field;
  const invalid = (detail: string): Rejection<RejectReason> => reject(invalidReason(field), detail);
  switch (field.type) {
    case 'uuid': {
      const rejection = invalid(`${name} is not a UUID`);
      return (value) => (typeof value === 'string' && UUID.test(value) ? value.toLowerCase() : rejection);
    }
    case 'text': {
      const { maxChars } = field;
      const rejection = invalid(`${name} must be text of 1 to ${maxChars} characters`);
      return (value) => (isText(value, maxChars) ? value : rejection);
    }
    case 'time': {
      const rejection = invalid(`${name} is neither ISO 8601 nor epoch milliseconds`);
      return (value, nowMs) => checkTime(value, nowMs) ?? rejection;
    }
    case 'number':
      return numberRule(field);
    case 'state': {
      const rejection = invalid(`${name} must be one of ${ROBOT_STATES.join(', ')}`);
      return (value) => (STATES.has(value) ? (value as string) : rejection);
    }
    case 'object': {
      const rejection = invalid(`${name} must be an object`);
      return (value) => (isObject(value) ? JSON.stringify(value) : rejection);
    }
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** True when the text has 1 to `max` code points and can be written as UTF-8 (no lone surrogate). */
function isText(value: unknown, max: number): value is string {
  if (typeof value !== 'string' || value.length === 0 || !value.isWellFormed()) return false;
  return value.length <= max || (value.length <= 2 * max && Array.from(value).length <= max);
}

/** Null when the value is not a time. */
function checkTime(value: unknown, nowMs: number): number | Rejection<RejectReason> | null {
  const tsMs = typeof value === 'string' || typeof value === 'number' ? parseTimestampMs(value) : null;
  if (tsMs === null) return null;
  if (tsMs < nowMs - RAW_RETENTION_MS) return reject('ts_too_old', 'ts is older than the raw retention of 90 days');
  if (tsMs > nowMs + MAX_AHEAD_MS) return reject('ts_too_far_ahead', 'ts is more than 1 day ahead');
  return tsMs;
}

function numberRule(field: EventField & { type: 'number' }): FieldRule {
  const { name, min, max, unit, pairedWith, isAngle, outOfRangeReason: ownReason } = field;
  const what = pairedWith === undefined ? `${name} must be a number` : 'x and y must be numbers';
  const limits = min === -max ? `±${max} ${unit}` : `${min} to ${max} ${unit}`;
  const isWithin = (value: unknown): value is number => typeof value === 'number' && value >= min && value <= max;
  if (ownReason === undefined) {
    const rejection = reject(invalidReason(field), `${what} within ${limits}`);
    if (isAngle) return (value) => (isWithin(value) ? normaliseRadians(value) : rejection);
    return (value) => (isWithin(value) ? value : rejection);
  }
  const rejection = reject(invalidReason(field), what);
  const reason = outOfRangeReason(field);
  return (value) => {
    if (isWithin(value)) return value;
    return typeof value === 'number' ? reject(reason, `${name} ${value} is not within ${limits}`) : rejection;
  };
}
