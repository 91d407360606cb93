import type { RejectReason, TelemetryMessage } from '@floorwatch/contract';

/** A way to corrupt an event, and the reason that its dead letter must have. */
export interface Malformation {
  name: string;
  reason: RejectReason;
  /** Returns the value of the message; null is a tombstone. */
  corrupt: (event: TelemetryMessage) => Buffer | null;
}

const DAY_MS = 86_400_000;

/**
 * Every kind of malformed message that real robots have sent, except messages above Kafka's size limit: the broker
 * rejects these, so no consumer receives them.
 */
export const MALFORMATIONS: readonly Malformation[] = [
  text('battery of 300 percent', 'battery_out_of_range', (event) => JSON.stringify({ ...event, battery: 300 })),
  text('battery as text', 'battery_invalid', (event) => JSON.stringify({ ...event, battery: 'full' })),
  // JSON has no NaN, but Python's json.dumps writes it.
  text('NaN position', 'invalid_json', (event) => JSON.stringify({ ...event, x: 0 }).replace('"x":0', '"x":NaN')),
  text('half a position', 'position_incomplete', (event) => JSON.stringify({ ...event, x: 1, y: null })),
  text('position off the planet', 'position_invalid', (event) => JSON.stringify({ ...event, x: 1e9, y: 0 })),
  text('robot_id of 10 kB', 'robot_id_invalid', (event) =>
    JSON.stringify({ ...event, robot_id: event.robot_id.padEnd(10_000, 'x') })
  ),
  text('no robot_id', 'robot_id_missing', (event) => JSON.stringify({ ...event, robot_id: undefined })),
  text('clock at 1970', 'ts_too_old', (event) => JSON.stringify({ ...event, ts: new Date(0).toISOString() })),
  text('clock a year ahead', 'ts_too_far_ahead', (event) =>
    JSON.stringify({ ...event, ts: new Date(Date.parse(String(event.ts)) + 365 * DAY_MS).toISOString() })
  ),
  text('invalid time', 'ts_invalid', (event) => JSON.stringify({ ...event, ts: 'yesterday' })),
  text('unknown state', 'state_invalid', (event) => JSON.stringify({ ...event, state: 'dancing' })),
  text('truncated', 'invalid_json', (event) => JSON.stringify(event).slice(0, 60)),
  text('not an object', 'not_an_object', () => '42'),
  {
    name: 'invalid UTF-8',
    reason: 'invalid_utf8',
    corrupt: (event) =>
      Buffer.concat([Buffer.from(JSON.stringify(event).slice(0, -1)), Buffer.from([0xff, 0xfe, 0x7d])]),
  },
  { name: 'tombstone', reason: 'tombstone', corrupt: () => null },
];

function text(name: string, reason: RejectReason, corrupt: (event: TelemetryMessage) => string): Malformation {
  return { name, reason, corrupt: (event) => Buffer.from(corrupt(event)) };
}
