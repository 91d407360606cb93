import type { RejectReason } from '@floorwatch/contract';
import type { InvalidPart } from './message.ts';

const part = (reason: RejectReason, content: object | string | Buffer): InvalidPart => ({
  reason,
  raw: Buffer.from(Buffer.isBuffer(content) || typeof content === 'string' ? content : JSON.stringify(content)),
});
const now = (): string => new Date().toISOString();

/** Messages that break one rule of the contract each. */
export const INVALID_PARTS: readonly ((robotId: string, tick: number) => InvalidPart)[] = [
  (robot_id, tick) => part('invalid_json', `{"robot_id":"${robot_id}","ts":${tick}`),
  (robot_id) => part('battery_out_of_range', { robot_id, ts: now(), battery: 300 }),
  (robot_id) => part('ts_too_old', { robot_id, ts: '1970-01-01T00:00:00Z' }),
  () => part('robot_id_missing', { ts: now(), x: 1, y: 2 }),
  (robot_id) => part('position_incomplete', { robot_id, ts: now(), x: 1 }),
  (robot_id) => part('position_invalid', { robot_id, ts: now(), x: '1.5', y: 2 }),
  (robot_id) => part('state_invalid', { robot_id, ts: now(), state: 'dancing' }),
  (robot_id) => part('ts_too_far_ahead', { robot_id, ts: new Date(Date.now() + 3 * 86_400_000).toISOString() }),
  (robot_id) => part('ts_missing', { robot_id, battery: 50 }),
  () => part('tombstone', ''),
  (robot_id) => part('invalid_utf8', Buffer.from(`{"robot_id":"${robot_id}","ts":"\xff"}`, 'latin1')),
  () => part('not_an_object', '17'),
];
