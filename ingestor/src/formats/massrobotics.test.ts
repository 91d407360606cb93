import { describe, expect, it } from 'vitest';
import { normaliseMassRobotics, type PlanarDatums } from './massrobotics.ts';

const DATUM = '4b8302da-21ad-401f-af45-1dfd956b80b5';
const identity: PlanarDatums = new Map([
  [DATUM, { mapId: 'f1', xMetres: 0, yMetres: 0, yawRadians: 0, metresPerUnit: 1 }],
]);
const turned: PlanarDatums = new Map([
  [DATUM, { mapId: 'f1', xMetres: 10, yMetres: 20, yawRadians: Math.PI / 2, metresPerUnit: 0.001 }],
]);
const report = {
  uuid: '6948DF80-14BD-4E04-8842-7668D9C001F5',
  timestamp: '2026-01-17T18:25:43-05:00',
  operationalState: 'navigating',
  location: {
    x: 0.5,
    y: 1,
    angle: { w: 0.924, x: 0, y: 0, z: 0.383 },
    planarDatum: DATUM.toUpperCase(),
  },
};

function messageOf(json: unknown, datums: PlanarDatums) {
  const result = normaliseMassRobotics(json, datums);
  if (!result.ok) throw new Error(`${result.reason}: ${result.detail}`);
  return result.value;
}

describe('normaliseMassRobotics', () => {
  it('reads a status report, with the heading from the quaternion', () => {
    const message = messageOf(report, identity);
    expect(message).toMatchObject({
      robot_id: report.uuid.toLowerCase(),
      x: 0.5,
      y: 1,
      map_id: 'f1',
      state: 'working',
    });
    expect(message.theta).toBeCloseTo(Math.PI / 4, 3);
  });

  it('transforms position and heading by the datum: scale, rotate, translate', () => {
    const message = messageOf({ ...report, location: { ...report.location, x: 2000, y: 1000 } }, turned);
    expect(message.x).toBeCloseTo(9, 9);
    expect(message.y).toBeCloseTo(22, 9);
    expect(message.theta).toBeCloseTo(Math.PI / 4 + Math.PI / 2, 3);
  });

  it('reads the direction of a quaternion of any length', () => {
    for (const length of [1e-3, 1e200]) {
      const angle = { w: 0, x: 0, y: 0, z: length };
      expect(messageOf({ ...report, location: { ...report.location, angle } }, identity).theta).toBeCloseTo(Math.PI, 9);
    }
  });

  it('reads a wrapped report in the same way', () => {
    expect(messageOf({ statusReport: report }, identity)).toEqual(messageOf(report, identity));
  });

  it('an identity report is a HEARTBEAT', () => {
    const heartbeat = messageOf(
      { uuid: 'A', timestamp: report.timestamp, manufacturerName: 'm', robotModel: 'x', robotSerialNumber: '1' },
      identity
    );
    expect(heartbeat).toMatchObject({ robot_id: 'a', event_type: 'HEARTBEAT', meta: { model: 'x' } });
  });

  it('a datum without a transform is an error that names it', () => {
    expect(normaliseMassRobotics(report, new Map())).toEqual({
      ok: false,
      reason: 'planar_datum_unknown',
      detail: `planarDatum ${DATUM.toUpperCase()} has no registered transform`,
    });
  });

  it.each([
    [{ ...report, operationalState: 'flying' }, 'operationalState must be one of navigating, idle'],
    [{ ...report, location: { ...report.location, x: null } }, 'location.x'],
    [{ ...report, location: { ...report.location, angle: { w: 0, x: 0, y: 0, z: 0 } } }, 'location.angle'],
    [[], 'message'],
  ])('a broken report is an error that names the field', (json, named) => {
    const result = normaliseMassRobotics(json, identity);
    expect(result).toMatchObject({ ok: false, reason: 'massrobotics_invalid' });
    expect(result.ok ? '' : result.detail).toContain(named);
  });
});
