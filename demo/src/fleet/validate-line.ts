import { isUtf8 } from 'node:buffer';
import { validate } from '@floorwatch/contract';
import type { EventIdentity, FleetMessage } from './message.ts';
import type { RecordedLine } from './recording.ts';

/** A recorded line as a message to publish, with its problems. */
export interface ValidatedLine {
  message: Omit<FleetMessage, 'offsetMs'>;
  /** The event time, if the line has one. */
  ts: unknown;
  /** Empty if the line is valid. */
  problems: readonly string[];
}

/**
 * Prepares a line for Kafka. A line that is not an event is sent unchanged, so that it becomes a dead letter with its
 * original bytes.
 * @param rewrite changes an event; null keeps every byte
 * @param nowMs current time for the age limits of the contract, milliseconds since the epoch
 */
export function validateLine(
  { bytes }: RecordedLine,
  rewrite: ((event: Record<string, unknown>) => Record<string, unknown>) | null,
  nowMs: number
): ValidatedLine {
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
  const problems: string[] = [];
  // The pipeline reads an array as several events, so it counts as several here.
  for (const one of Array.isArray(event) ? (event as unknown[]) : [event]) {
    const verdict = validate(one, nowMs);
    if (verdict.ok) events.push({ eventId: verdict.value.eventId, robotId: verdict.value.robotId });
    else problems.push(`${verdict.reason}: ${verdict.detail}`);
  }
  const { robot_id: robotId, ts } = (isObject ? event : {}) as Record<string, unknown>;
  const key = typeof robotId === 'string' ? robotId : null;
  return { message: { key, value, events, malformed: problems.length }, ts: isObject ? ts : undefined, problems };
}

function unreadable(bytes: Buffer, problem: string): ValidatedLine {
  return { message: { key: null, value: bytes, events: [], malformed: 1 }, ts: undefined, problems: [problem] };
}
