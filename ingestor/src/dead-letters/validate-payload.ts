import type { Result, RobotEvent } from '@floorwatch/contract';
import type { Decoder } from '../decode/outcome.ts';

/**
 * The events of a payload, or the first rule that one of them breaks.
 * An event without an id gets the id of the dead letter. Several events must each have an id.
 */
export function validatePayload(payload: Buffer, decode: Decoder, nowMs: number): Result<RobotEvent[]> {
  const events: RobotEvent[] = [];
  for (const outcome of decode(payload, nowMs)) {
    if (!outcome.ok) return { ok: false, reason: outcome.reason, detail: outcome.detail };
    events.push(outcome.value);
  }
  if (events.length > 1 && events.some(({ eventId }) => eventId === null)) {
    const detail = `${events.length} events can replace one dead letter only if each has an event_id`;
    return { ok: false, reason: 'event_id_missing', detail };
  }
  return { ok: true, value: events };
}
