import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parsePlanarDatums } from '../formats/planar-datums.ts';
import { normalisePoses, readMessages } from './read-poses.ts';

const place = 'poses.json';
const vda = {
  timestamp: '2025-01-01T00:00:00Z',
  manufacturer: 'ACME',
  serialNumber: '7',
  driving: true,
  operatingMode: 'AUTOMATIC',
  errors: [],
};
const v2 = {
  ...vda,
  version: '2.1.0',
  agvPosition: { x: 3, y: -4, theta: 4, mapId: 'hall', positionInitialized: true },
  batteryState: { batteryCharge: 50, charging: false },
  safetyState: { eStop: 'NONE', fieldViolation: false },
};
const v3 = {
  ...vda,
  version: '3.0.0',
  mobileRobotPosition: { x: 3, y: -4, theta: -Math.PI, mapId: 'hall', localized: false, deviationRange: 0.4 },
  powerSupply: { stateOfCharge: 50, charging: false },
  safetyState: { activeEmergencyStop: 'NONE', fieldViolation: false },
};
const DATUM = '4b8302da-21ad-401f-af45-1dfd956b80b5';
const massRobotics = {
  uuid: '6948DF80-14BD-4E04-8842-7668D9C001F5',
  timestamp: '2012-04-21T18:25:43-05:00',
  operationalState: 'navigating',
  // A rotation by 90° about z, with rounded values, so not of unit length.
  location: { x: 2, y: 1, angle: { w: 0.707, x: 0, y: 0, z: 0.707 }, planarDatum: DATUM.toUpperCase() },
};
const datums = parsePlanarDatums(
  `${DATUM}: { map_id: hall, x: 10, y: 20, yaw: 1.5707963267948966, metres_per_unit: 0.5 }`,
  'd.yaml'
);

const folder = mkdtempSync(join(tmpdir(), 'floorwatch-poses-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('readMessages', () => {
  const read = (text: string) => {
    const file = join(folder, 'poses.json');
    writeFileSync(file, text);
    return readMessages(file).map((message) => ({ ...message, place: message.place.replace(`${folder}/`, '') }));
  };

  it.each([
    ['one value over several lines', '{\n  "a": 1\n}\n', ['poses.json']],
    ['one after a byte order mark', '\uFEFF{ "a": 1 }', ['poses.json']],
    ['an array', '[{ "a": 1 }, { "a": 2 }]', ['poses.json message 1', 'poses.json message 2']],
    ['one a line', '{"a":1}\r\n\r\n{"a":2}\r\n', ['poses.json line 1', 'poses.json line 3']],
    ['arrays, one a line', '[{"a":1}]\n{"a":2}\n', ['poses.json line 1 message 1', 'poses.json line 2']],
    ['none', '[]', []],
  ])('reads %s', (_, text, places) => {
    expect(read(text)).toEqual(places.map((place, i) => ({ json: { a: i + 1 }, place })));
  });

  it.each([
    ['poses.json is empty', ' \n'],
    ['poses.json is not UTF-8 text', '{"a":"\xfc"}'],
    ['poses.json line 2 is not JSON (Unexpected end of JSON input)', '{"a":1}\n{"a":\n{"a":3}\n'],
    ['poses.json is not JSON (line 2: ', '{"a": 1,\n b: 2 }'],
  ])('an invalid file is an error in one sentence: %s', (problem, text) => {
    const file = join(folder, 'poses.json');
    writeFileSync(file, text, problem.includes('UTF-8') ? 'latin1' : 'utf8');
    expect(() => readMessages(file)).toThrow(problem);
  });
});

describe('normalisePoses', () => {
  it('reads VDA 5050 2.x, with the heading normalised to (−π, π]', () => {
    const [pose] = normalisePoses([{ json: v2, place }], 'vda5050', new Map());
    expect(pose).toMatchObject({ robot_id: 'ACME/7', x: 3, y: -4, map_id: 'hall', battery: 50 });
    expect(pose?.theta).toBeCloseTo(4 - 2 * Math.PI, 12);
  });

  it('reads VDA 5050 3.0, and normalises a heading of −π to π', () => {
    expect(normalisePoses([{ json: v3, place }], 'vda5050', new Map())).toMatchObject([
      { x: 3, y: -4, theta: Math.PI, meta: { localized: false, deviation_range: 0.4 } },
    ]);
  });

  it('transforms a MassRobotics report by its datum, with the heading from the quaternion', () => {
    const [pose] = normalisePoses([{ json: massRobotics, place }], 'massrobotics', datums);
    // (2, 1) units · 0.5 m, rotated by 90°: (−0.5, 1), from (10, 20).
    expect(pose?.x).toBeCloseTo(9.5, 12);
    expect(pose?.y).toBeCloseTo(21, 12);
    expect(pose?.theta).toBeCloseTo(Math.PI, 12);
    expect(pose?.map_id).toBe('hall');
  });

  it('a datum without a transform is an error that names it', () => {
    expect(() => normalisePoses([{ json: massRobotics, place }], 'massrobotics', new Map())).toThrow(
      `poses.json: planarDatum ${DATUM.toUpperCase()} has no registered transform; give a file of planar datums with --datums`
    );
  });

  it.each([
    ['battery 101 is not within', { ...v3, powerSupply: { stateOfCharge: 101, charging: false } }],
    ['ts is neither ISO 8601', { ...v3, timestamp: 'yesterday' }],
    ['x and y must be numbers within', { ...v2, agvPosition: { ...v2.agvPosition, x: 1e308 } }],
  ])('validates all rules of the contract except the time window: %s', (problem, json) => {
    const old = { ...json, timestamp: json.timestamp === vda.timestamp ? '1991-03-11T11:40:03.12Z' : json.timestamp };
    expect(() => normalisePoses([{ json: old, place }], 'vda5050', new Map())).toThrow(`poses.json: ${problem}`);
  });

  it('the error names the message and the invalid field', () => {
    const json = { ...v3, powerSupply: {} };
    expect(() => normalisePoses([{ json, place: 'poses.json line 2' }], 'vda5050', new Map())).toThrow(
      /^poses\.json line 2: powerSupply\.stateOfCharge/
    );
  });
});

it.each([
  ['a.metres_per_unit', 'a: { map_id: hall, x: 0, y: 0, yaw: 0 }'],
  ['a.metres_per_unit', 'a: { map_id: hall, x: 0, y: 0, yaw: 0, metres_per_unit: 0 }'],
  ['not valid YAML', 'a: ['],
  ['datum A is defined twice', '{ a: &d { map_id: h, x: 0, y: 0, yaw: 0, metres_per_unit: 1 }, A: *d }'],
])('an invalid list of datums is an error that names %s', (named, text) => {
  expect(() => parsePlanarDatums(text, 'd.yaml')).toThrow(named);
});
