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
    ['negate', 'maybe'],
    ['occupied_thresh', '65'],
    ['free_thresh', 'low'],
    ['mode', 'binary'],
    ['image', '[]'],
  ])('refuses %s: %s by its name', (key, text) => {
    expect(() => parseRosMap(withKey(key, text), 'floor2.yaml')).toThrow(new RegExp(`^floor2\\.yaml: ${key} `));
  });

  it.each(['', 'just text', '- a\n- list', 'origin: [1, 2'])('refuses %j as a whole', (text) => {
    expect(() => parseRosMap(text, 'floor2.yaml')).toThrow(/^floor2\.yaml is not /);
  });
});
