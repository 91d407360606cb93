import { describe, expect, it } from 'vitest';
import { normaliseVda5050State } from './vda5050.ts';

const common = {
  headerId: 1,
  timestamp: '2026-01-17T12:00:00.000Z',
  manufacturer: 'ACME',
  serialNumber: 'A-7',
  orderId: 'order-1',
  orderUpdateId: 0,
  lastNodeId: 'n1',
  lastNodeSequenceId: 0,
  nodeStates: [{ nodeId: 'n2', sequenceId: 2, released: true }],
  edgeStates: [],
  driving: true,
  actionStates: [],
  operatingMode: 'AUTOMATIC',
  velocity: { vx: 0.6, vy: -0.8, omega: 0.1 },
  errors: [] as { errorType: string; errorLevel: string }[],
};
const v3 = {
  ...common,
  version: '3.0.0',
  mobileRobotPosition: { x: 1.5, y: -2, theta: 3, mapId: 'f1', localized: false, deviationRange: 0.4 },
  powerSupply: { stateOfCharge: 81.5, charging: false, batteryHealth: 97 },
  safetyState: { activeEmergencyStop: 'NONE', fieldViolation: false },
};
const v2 = {
  ...common,
  version: '2.1.0',
  agvPosition: { x: 1.5, y: -2, theta: 3, mapId: 'f1', positionInitialized: true, localizationScore: 0.9 },
  batteryState: { batteryCharge: 81.5, charging: false },
  safetyState: { eStop: 'NONE', fieldViolation: false },
};

function messageOf(json: unknown) {
  const result = normaliseVda5050State(json);
  if (!result.ok) throw new Error(`${result.reason}: ${result.detail}`);
  return result.value;
}

describe('normaliseVda5050State', () => {
  it('reads all fields of a 3.0 state', () => {
    expect(messageOf(v3)).toEqual({
      robot_id: 'ACME/A-7',
      ts: '2026-01-17T12:00:00.000Z',
      event_type: 'POSITION_UPDATE',
      task_id: 'order-1',
      x: 1.5,
      y: -2,
      theta: 3,
      map_id: 'f1',
      speed: 1,
      battery: 81.5,
      state: 'working',
      error_code: null,
      meta: {
        format: 'vda5050/3.0.0',
        operating_mode: 'AUTOMATIC',
        emergency_stop: 'NONE',
        localized: false,
        localization_score: null,
        deviation_range: 0.4,
        battery_health: 97,
      },
    });
  });

  it('reads a 2.x state as the same fields', () => {
    const { meta, ...rest } = messageOf(v2);
    expect(messageOf(v3)).toMatchObject(rest);
    expect(meta).toMatchObject({ format: 'vda5050/2.1.0', localized: true, localization_score: 0.9 });
  });

  it('a robot without a position has none; it is not placed at the origin', () => {
    const { mobileRobotPosition, ...unplaced } = v3;
    expect(messageOf(unplaced)).toMatchObject({ x: null, y: null, event_type: 'HEARTBEAT' });
  });

  it('an empty mapId means no map, and the rest of the state is kept', () => {
    const agvPosition = { ...v2.agvPosition, mapId: '', positionInitialized: false };
    expect(messageOf({ ...v2, agvPosition })).toMatchObject({
      map_id: null,
      battery: 81.5,
      meta: { localized: false },
    });
  });

  it.each([
    [
      'error',
      {
        ...v3,
        errors: [
          { errorType: 'warn', errorLevel: 'WARNING' },
          { errorType: 'motor', errorLevel: 'FATAL' },
        ],
      },
    ],
    ['error', { ...v3, safetyState: { activeEmergencyStop: 'MANUAL', fieldViolation: false } }],
    ['error', { ...v2, safetyState: { eStop: 'REMOTE', fieldViolation: false } }],
    ['manual', { ...v3, operatingMode: 'INTERVENED' }],
    ['manual', { ...v2, operatingMode: 'TEACHIN' }],
    ['maintenance', { ...v3, operatingMode: 'SERVICE' }],
    ['charging', { ...v3, driving: false, powerSupply: { stateOfCharge: 20, charging: true } }],
    ['blocked', { ...v3, paused: true }],
    ['working', { ...v3, driving: false }],
    ['idle', { ...v3, driving: false, nodeStates: [] }],
  ])('derives the state %s', (state, json) => {
    expect(messageOf(json).state).toBe(state);
  });

  it('reports the most severe error, not the first', () => {
    const errors = [
      { errorType: 'lowBattery', errorLevel: 'WARNING' },
      { errorType: 'laser', errorLevel: 'URGENT' },
    ];
    expect(messageOf({ ...v3, errors })).toMatchObject({ error_code: 'laser', state: 'working' });
  });

  it('drops the task of an order that has ended', () => {
    expect(messageOf({ ...v3, nodeStates: [] }).task_id).toBeNull();
  });

  it('uses the position of its own version if a message contains both', () => {
    const other = { x: 9, y: 9, theta: 0, mapId: 'f9' };
    expect(messageOf({ ...v2, mobileRobotPosition: other })).toMatchObject({ x: 1.5, map_id: 'f1' });
    expect(messageOf({ ...v3, agvPosition: other })).toMatchObject({ x: 1.5, map_id: 'f1' });
  });

  it.each([
    ['vda5050_version_unsupported', { ...v3, version: '1.1.0' }, '1.1.0'],
    ['vda5050_invalid', { ...v3, version: undefined }, 'version'],
    ['vda5050_invalid', { ...v3, powerSupply: undefined }, 'powerSupply is missing'],
    ['vda5050_invalid', { ...v3, driving: 'yes' }, 'driving must be true or false, it is text'],
    ['vda5050_invalid', { ...v2, version: '3.0.0' }, 'agvPosition belongs to another version than 3.0.0'],
    [
      'vda5050_invalid',
      { ...v3, ...v2, mobileRobotPosition: null, version: '3.1' },
      'agvPosition belongs to another version',
    ],
    [
      'vda5050_invalid',
      { ...v2, ...v3, version: '2.1.0', agvPosition: null },
      'mobileRobotPosition belongs to another version',
    ],
    ['vda5050_invalid', { ...v3, mobileRobotPosition: { ...v3.mobileRobotPosition, x: '1' } }, 'mobileRobotPosition.x'],
    ['vda5050_invalid', 'text', 'message'],
  ])('is invalid with %s and names the field', (reason, json, named) => {
    const result = normaliseVda5050State(json);
    expect(result).toMatchObject({ ok: false, reason });
    expect(result.ok ? '' : result.detail).toContain(named);
  });
});
