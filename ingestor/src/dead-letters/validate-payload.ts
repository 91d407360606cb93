import type { Result, RobotEvent } from '@floorwatch/contract';
import type { Decoder } from '../decode/outcome.ts';

/**
 * The events that a payload puts back, or the first rule that one of them breaks.
 * An event without an id takes the dead letter's own, which stands for one event: several must bring theirs.
 */
export function validatePayload(payload: Buffer, decode: Decoder, nowMs: number): Result<RobotEvent[]> {
  const events: RobotEvent[] = [];
  for (const outcome of decode(payload, nowMs)) {
    if (!outcome.ok) return { ok: false, reason: outcome.reason, detail: outcome.detail };
    events.push(outcome.value);
  }
  if (events.length > 1 && events.some(({ eventId }) => eventId === null)) {
    const detail = `${events.length} events can take one dead letter's place only when each has its event_id`;
    return { ok: false, reason: 'event_id_missing', detail };
  }
  return { ok: true, value: events };
}
