import { isUtf8 } from 'node:buffer';
import { validate } from '@floorwatch/contract';
import type { EventIdentity, FleetMessage } from './message.ts';
import type { RecordedLine } from './recording.ts';

/** A recorded line as it will be published, and what is wrong with it. */
export interface JudgedLine {
  message: Omit<FleetMessage, 'offsetMs'>;
  /** The event's own time, where it has one. */
  ts: unknown;
  /** Empty when the line keeps the contract. */
  faults: readonly string[];
}

/**
 * Prepares a line for Kafka. A line that cannot be read as an event goes out untouched: the recorder's truth must reach
 * the dead letters rather than be swallowed here.
 * @param rewrite applied to an event that can be read; null leaves every byte as it is
 * @param nowMs the clock that the contract's age limits are measured on, milliseconds since the epoch
 */
export function judgeLine(
  { bytes }: RecordedLine,
  rewrite: ((event: Record<string, unknown>) => Record<string, unknown>) | null,
  nowMs: number
): JudgedLine {
  if (!isUtf8(bytes)) return unreadable(bytes, 'invalid_utf8: the line is not UTF-8');
  let json: unknown;
  try {
    json = JSON.parse(bytes.toString());
  } catch (error) {
    return unreadable(bytes, `invalid_json: ${error instanceof Error ? error.message : String(error)}`);
  }
  const isObject = typeof json === 'object' && json !== null && !Array.isArray(json);
  const event = isObject && rewrite ? rewrite(json as Record<string, unknown>) : json;
  const value = event === json ? bytes : Buffer.from(JSON.stringify(event));

  const events: EventIdentity[] = [];
  const faults: string[] = [];
  // The pipeline takes an array for several events, so it counts as several here.
  for (const one of Array.isArray(event) ? (event as unknown[]) : [event]) {
    const verdict = validate(one, nowMs);
    if (verdict.ok) events.push({ eventId: verdict.event.eventId, robotId: verdict.event.robotId });
    else faults.push(`${verdict.reason}: ${verdict.detail}`);
  }
  const { robot_id: robotId, ts } = (isObject ? event : {}) as Record<string, unknown>;
  const key = typeof robotId === 'string' ? robotId : null;
  return { message: { key, value, events, malformed: faults.length }, ts: isObject ? ts : undefined, faults };
}

function unreadable(bytes: Buffer, fault: string): JudgedLine {
  return { message: { key: null, value: bytes, events: [], malformed: 1 }, ts: undefined, faults: [fault] };
}
