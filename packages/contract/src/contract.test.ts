import { describe, expect, it } from 'vitest';
import { parseTimestampMs, REJECT_REASONS, type RejectReason, validate } from './contract.ts';

const NOW_MS = Date.UTC(2026, 0, 17, 12);
const good = { robot_id: 'r1', ts: '2026-01-17T12:00:00.000Z' };

function reasonOf(json: unknown): RejectReason | 'accepted' {
  const result = validate(json, NOW_MS);
  return result.ok ? 'accepted' : result.reason;
}

function eventOf(json: unknown) {
  const result = validate(json, NOW_MS);
  if (!result.ok) throw new Error(`${result.reason}: ${result.detail}`);
  return result.value;
}

describe('validate rejects', () => {
  const cases: [RejectReason, unknown][] = [
    ['not_an_object', 'text'],
    ['not_an_object', null],
    ['not_an_object', [good]],
    ['event_id_invalid', { ...good, event_id: 'not-a-uuid' }],
    ['event_id_invalid', { ...good, event_id: 7 }],
    ['robot_id_missing', { ts: good.ts }],
    ['robot_id_missing', { ...good, robot_id: null }],
    ['robot_id_invalid', { ...good, robot_id: '' }],
    ['robot_id_invalid', { ...good, robot_id: 12 }],
    ['robot_id_invalid', { ...good, robot_id: 'x'.repeat(10_000) }],
    ['robot_id_invalid', { ...good, robot_id: '\ud800' }],
    ['ts_missing', { robot_id: 'r1' }],
    ['ts_invalid', { ...good, ts: 'yesterday' }],
    ['ts_invalid', { ...good, ts: '2026-02-30T00:00:00Z' }],
    ['ts_invalid', { ...good, ts: true }],
    ['ts_too_old', { ...good, ts: '1970-01-01T00:00:00Z' }],
    ['ts_too_old', { ...good, ts: 0 }],
    ['ts_too_far_ahead', { ...good, ts: '2027-01-17T12:00:00Z' }],
    ['event_type_invalid', { ...good, event_type: 3 }],
    ['task_id_invalid', { ...good, task_id: {} }],
    ['position_incomplete', { ...good, x: 1 }],
    ['position_incomplete', { ...good, x: null, y: 2 }],
    ['position_invalid', { ...good, x: 'abc', y: 0 }],
    ['position_invalid', { ...good, x: '1.5', y: 0 }],
    ['position_invalid', { ...good, x: Number.NaN, y: 0 }],
    ['position_invalid', { ...good, x: 1e300, y: 0 }],
    ['theta_invalid', { ...good, theta: 'north' }],
    ['theta_invalid', { ...good, theta: 1e300 }],
    ['map_id_invalid', { ...good, map_id: 1 }],
    ['site_id_invalid', { ...good, site_id: '' }],
    ['speed_invalid', { ...good, speed: '1' }],
    ['battery_invalid', { ...good, battery: '80' }],
    ['battery_out_of_range', { ...good, battery: 300 }],
    ['battery_out_of_range', { ...good, battery: -0.1 }],
    ['state_invalid', { ...good, state: 'dancing' }],
    ['error_code_invalid', { ...good, error_code: 500 }],
    ['meta_invalid', { ...good, meta: 'text' }],
    ['meta_invalid', { ...good, meta: [] }],
  ];

  it.each(cases)('%s: %j', (reason, json) => {
    expect(reasonOf(json)).toBe(reason);
  });

  it('an event with the first broken rule in the order of REJECT_REASONS', () => {
    const everythingWrong = { event_id: 1, robot_id: '', ts: 'x', battery: 300, state: 1 };
    expect(reasonOf(everythingWrong)).toBe('event_id_invalid');
    expect(REJECT_REASONS.indexOf('robot_id_invalid')).toBeLessThan(REJECT_REASONS.indexOf('battery_out_of_range'));
  });
});

describe('validate accepts', () => {
  it('an event with the two required fields, everything else absent and never 0', () => {
    expect(eventOf(good)).toEqual({
      eventId: null,
      robotId: 'r1',
      tsMs: NOW_MS,
      eventType: '',
      taskId: null,
      xMetres: null,
      yMetres: null,
      headingRadians: null,
      mapId: null,
      siteId: null,
      speedMetresPerSecond: null,
      batteryPercent: null,
      state: null,
      errorCode: null,
      firmware: null,
      meta: '',
    });
  });

  it('an unknown event type, so that new firmware loses no data', () => {
    expect(eventOf({ ...good, event_type: 'DOCKED' }).eventType).toBe('DOCKED');
  });

  it('the heading from meta if theta is absent', () => {
    expect(eventOf({ ...good, meta: { heading: 1.5 } }).headingRadians).toBe(1.5);
    expect(eventOf({ ...good, theta: 0, meta: { heading: 1.5 } }).headingRadians).toBe(0);
  });

  it('a robot_id of 128 characters outside the basic plane', () => {
    expect(eventOf({ ...good, robot_id: '🤖'.repeat(128) }).robotId).toHaveLength(256);
  });

  it('the limits of the time window', () => {
    expect(reasonOf({ ...good, ts: NOW_MS + 86_400_000 })).toBe('accepted');
    expect(reasonOf({ ...good, ts: NOW_MS - 90 * 86_400_000 })).toBe('accepted');
  });
});

describe('parseTimestampMs', () => {
  it.each([
    ['2026-01-17T12:00:00Z', NOW_MS],
    ['2026-01-17T12:00:00', NOW_MS],
    ['2026-01-17 12:00:00', NOW_MS],
    ['2026-01-17T13:00:00+01:00', NOW_MS],
    ['2026-01-17T06:30:00-0530', NOW_MS],
    ['2026-01-17T12:00:00.123456789Z', NOW_MS + 123],
    ['2026-01-17T12:00:00.29Z', NOW_MS + 290],
    [NOW_MS + 0.9, NOW_MS],
  ])('reads %s', (ts, expected) => {
    expect(parseTimestampMs(ts)).toBe(expected);
  });

  it.each(['', '2026-13-01T00:00:00Z', '2026-01-17T24:00:00Z', '2026-01-17', '1768651200', '2026-01-17T12:00:00.Z'])(
    'rejects %j',
    (ts) => {
      expect(parseTimestampMs(ts)).toBeNull();
    }
  );
});
