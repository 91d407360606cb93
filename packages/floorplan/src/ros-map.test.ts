import { describe, expect, it } from 'vitest';
import { PlanError } from './plan-error.ts';
import { parseRosMap, rosMapGeometry } from './ros-map.ts';

// The description of nav2_bringup's warehouse map (ros-navigation/navigation2).
const WAREHOUSE = `image: warehouse.pgm
mode: trinary
resolution: 0.03
origin: [-15.1, -25, 0]
negate: 0
occupied_thresh: 0.65
free_thresh: 0.1
`;

const without = (key: string) =>
  WAREHOUSE.split('\n')
    .filter((line) => !line.startsWith(`${key}:`))
    .join('\n');
const withKey = (key: string, text: string) => `${without(key)}${key}: ${text}\n`;

describe('parseRosMap', () => {
  it('reads the nav2 warehouse', () => {
    expect(parseRosMap(WAREHOUSE, 'warehouse.yaml')).toEqual({
      image: 'warehouse.pgm',
      metresPerPixel: 0.03,
      originXMetres: -15.1,
      originYMetres: -25,
      yawRadians: 0,
      negate: false,
      occupiedThreshold: 0.65,
      freeThreshold: 0.1,
      mode: 'trinary',
    });
  });

  it('keeps the yaw', () => {
    const map = parseRosMap(withKey('origin', '[1, 2, 1.5707963]'), 'turned.yaml');
    expect(rosMapGeometry(map, 10, 20)).toEqual({
      widthPixels: 10,
      heightPixels: 20,
      metresPerPixel: 0.03,
      originXMetres: 1,
      originYMetres: 2,
      yawRadians: 1.5707963,
    });
  });

  it('reads scalars as map_server does: quoted numbers, exponents, words for negate, mode in any case', () => {
    const text = [
      'image: "floor plan.pgm"',
      'resolution: "5e-2"',
      "origin: ['-1.5', .5, +1e-1]",
      'negate: No',
      'occupied_thresh:',
      'mode: Scale',
    ];
    expect(parseRosMap(text.join('\r\n'), 'hand.yaml')).toMatchObject({
      image: 'floor plan.pgm',
      metresPerPixel: 0.05,
      originXMetres: -1.5,
      originYMetres: 0.5,
      yawRadians: 0.1,
      negate: false,
      occupiedThreshold: 0.65,
      mode: 'scale',
    });
    expect(parseRosMap(withKey('negate', '"true"'), 'hand.yaml').negate).toBe(true);
    expect(parseRosMap(`%YAML 1.1\n---\n${withKey('origin', '[010, -2]')}`, 'old.yaml')).toMatchObject({
      originXMetres: 10,
      yawRadians: 0,
    });
  });

  it.each(['image', 'resolution', 'origin'])('names the file and the key when %s is missing', (key) => {
    expect(() => parseRosMap(without(key), 'floor2.yaml')).toThrow(new PlanError('floor2.yaml', `${key} is missing`));
  });

  it.each([
    ['resolution', '0'],
    ['resolution', '-0.05'],
    ['resolution', 'fine'],
    ['resolution', '.nan'],
    ['origin', '[1]'],
    ['origin', '[1, two, 0]'],
    ['origin', '5'],
    ['origin', '[1, 2, ~]'],
    ['origin', '[1, 2, 0, 0]'],
    ['resolution', '0,05'],
    ['resolution', '1e400'],
    ['negate', 'maybe'],
    ['occupied_thresh', '65'],
    ['free_thresh', 'low'],
    ['mode', 'binary'],
    ['image', '[]'],
  ])('rejects %s: %s with the name of the key', (key, text) => {
    expect(() => parseRosMap(withKey(key, text), 'floor2.yaml')).toThrow(new RegExp(`^floor2\\.yaml: ${key} `));
  });

  it('quotes the value that is not a number', () => {
    expect(() => parseRosMap(withKey('resolution', '0.05 m'), 'floor2.yaml')).toThrow(
      "floor2.yaml: resolution must be a number, it is '0.05 m'"
    );
  });

  it('rejects aliases that expand to gigabytes, and two documents, in one sentence', () => {
    const lines = Array.from('bcdefghij').map(
      (name, i) => `${name}: &${name} [${`*${String.fromCharCode(97 + i)}, `.repeat(9)}]\n`
    );
    expect(() => parseRosMap(`a: &a [x]\n${lines.join('')}${WAREHOUSE}`, 'bomb.yaml')).toThrow(
      /^bomb\.yaml is not valid YAML \(/
    );
    expect(() => parseRosMap(`${WAREHOUSE}---\n${WAREHOUSE}`, 'two.yaml')).toThrow(
      'two.yaml is more than one YAML document: one is expected'
    );
  });

  it.each(['', 'just text', '- a\n- list', 'origin: [1, 2'])('rejects the file %j', (text) => {
    expect(() => parseRosMap(text, 'floor2.yaml')).toThrow(/^floor2\.yaml is not /);
  });
});
