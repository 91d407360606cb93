import { parseDocument } from 'yaml';
import { PlanError } from './plan-error.ts';
import type { PlanGeometry } from './transform.ts';

/** How `map_server` reads grey values: occupied/free/unknown, a scale between them, or the raw value. */
const MAP_MODES = ['trinary', 'scale', 'raw'] as const;

/** A ROS `map_server` description (the YAML beside the image). */
export interface RosMap {
  /** Path of the image as written: absolute, or relative to the YAML. */
  image: string;
  metresPerPixel: number;
  originXMetres: number;
  originYMetres: number;
  yawRadians: number;
  /** True when white means occupied. */
  negate: boolean;
  occupiedThreshold: number;
  freeThreshold: number;
  mode: (typeof MAP_MODES)[number];
}

/**
 * Reads a ROS map YAML.
 * @param file the name that errors carry
 * @throws PlanError naming the file and the key that is missing or wrong
 */
export function parseRosMap(yamlText: string, file: string): RosMap {
  const keys = readKeys(yamlText, file);
  const [originXMetres, originYMetres, yawRadians] = readOrigin(keys, file);
  const metresPerPixel = readNumber(keys, 'resolution', file);
  if (!(metresPerPixel > 0)) throw new PlanError(file, `resolution must be above 0 m/pixel, it is ${metresPerPixel}`);
  const mode = MAP_MODES.find((known) => known === (keys['mode'] ?? 'trinary'));
  if (!mode) throw new PlanError(file, `mode must be one of ${MAP_MODES.join(', ')}`);
  return {
    image: readImage(keys, file),
    metresPerPixel,
    originXMetres,
    originYMetres,
    yawRadians,
    negate: readNegate(keys, file),
    occupiedThreshold: readThreshold(keys, 'occupied_thresh', 0.65, file),
    freeThreshold: readThreshold(keys, 'free_thresh', 0.25, file),
    mode,
  };
}

/** The geometry of the map once the size of its image is known. */
export function rosMapGeometry(map: RosMap, widthPixels: number, heightPixels: number): PlanGeometry {
  const { metresPerPixel, originXMetres, originYMetres, yawRadians } = map;
  return { widthPixels, heightPixels, metresPerPixel, originXMetres, originYMetres, yawRadians };
}

type Keys = Record<string, unknown>;

function readKeys(yamlText: string, file: string): Keys {
  const document = parseDocument(yamlText);
  const syntaxError = document.errors[0];
  if (syntaxError) throw new PlanError(file, `is not valid YAML (${syntaxError.message.split('\n', 1)[0] ?? ''})`);
  const keys: unknown = document.toJS();
  if (typeof keys !== 'object' || keys === null || Array.isArray(keys)) {
    throw new PlanError(file, 'is not a ROS map: it has no keys');
  }
  return keys as Keys;
}

function readImage(keys: Keys, file: string): string {
  const image = keys['image'];
  if (typeof image !== 'string' || image === '') throw new PlanError(file, 'image is missing');
  return image;
}

function readNumber(keys: Keys, key: string, file: string): number {
  const number = keys[key];
  if (number === undefined || number === null) throw new PlanError(file, `${key} is missing`);
  if (typeof number !== 'number' || !Number.isFinite(number)) throw new PlanError(file, `${key} must be a number`);
  return number;
}

function readOrigin(keys: Keys, file: string): [number, number, number] {
  const origin = keys['origin'];
  if (origin === undefined || origin === null) throw new PlanError(file, 'origin is missing');
  // Two numbers are common in hand-written maps: no yaw then means none.
  if (!Array.isArray(origin) || origin.length < 2 || origin.length > 3 || !origin.every(Number.isFinite)) {
    throw new PlanError(file, 'origin must be [x, y, yaw] in metres and radians');
  }
  const [x, y, yaw = 0] = origin as [number, number, number?];
  return [x, y, yaw];
}

function readNegate(keys: Keys, file: string): boolean {
  const negate = keys['negate'] ?? 0;
  if (negate === 0 || negate === false) return false;
  if (negate === 1 || negate === true) return true;
  throw new PlanError(file, 'negate must be 0 or 1');
}

function readThreshold(keys: Keys, key: string, whenAbsent: number, file: string): number {
  const threshold = (keys[key] ?? null) === null ? whenAbsent : readNumber(keys, key, file);
  if (threshold < 0 || threshold > 1) throw new PlanError(file, `${key} must lie between 0 and 1`);
  return threshold;
}
