import { PlanError } from './plan-error.ts';
import { readYaml } from './read-yaml.ts';
import type { PlanGeometry } from './transform.ts';

/** How `map_server` interprets grey values: occupied/free/unknown, a scale between them, or the raw value. */
const MAP_MODES = ['trinary', 'scale', 'raw'] as const;

/** A ROS `map_server` description (the YAML beside the image). */
export interface RosMap {
  /** Path of the image, absolute or relative to the YAML file. */
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
 * Reads a ROS map YAML as `map_server` does: it converts each scalar to the type of its key, so `"0.05"` is a number, and
 * `no` is false for `negate`.
 * @param file file name for errors
 * @throws PlanError with the file and the key that is missing or invalid
 */
export function parseRosMap(yamlText: string, file: string): RosMap {
  const keys = readKeys(yamlText, file);
  const [originXMetres, originYMetres, yawRadians] = readOrigin(keys, file);
  const metresPerPixel = readNumber(keys, 'resolution', file);
  if (!(metresPerPixel > 0)) throw new PlanError(file, `resolution must be above 0 m/pixel, it is ${metresPerPixel}`);
  return {
    image: readImage(keys, file),
    metresPerPixel,
    originXMetres,
    originYMetres,
    yawRadians,
    negate: readNegate(keys, file),
    occupiedThreshold: readThreshold(keys, 'occupied_thresh', 0.65, file),
    freeThreshold: readThreshold(keys, 'free_thresh', 0.25, file),
    mode: readMode(keys, file),
  };
}

/** The geometry of the map with the size of its image. */
export function rosMapGeometry(map: RosMap, widthPixels: number, heightPixels: number): PlanGeometry {
  const { metresPerPixel, originXMetres, originYMetres, yawRadians } = map;
  return { widthPixels, heightPixels, metresPerPixel, originXMetres, originYMetres, yawRadians };
}

type Keys = Record<string, unknown>;

function readKeys(yamlText: string, file: string): Keys {
  const keys = readYaml(yamlText, file, 'failsafe');
  if (typeof keys !== 'object' || keys === null || Array.isArray(keys)) {
    throw new PlanError(file, 'is not a ROS map: it has no keys');
  }
  return keys as Keys;
}

/** Null if the key is absent or has no value. */
function given(keys: Keys, key: string): unknown {
  const value = Object.hasOwn(keys, key) ? keys[key] : null;
  return value === '' || value === '~' || value === 'null' ? null : value;
}

function required(keys: Keys, key: string, file: string): unknown {
  const value = given(keys, key);
  if (value === null) throw new PlanError(file, `${key} is missing`);
  return value;
}

function rejectKey(file: string, key: string, expected: string, value: unknown): never {
  throw new PlanError(file, `${key} must be ${expected}, it is ${shown(value)}`);
}

function shown(value: unknown): string {
  return typeof value === 'string' ? `'${value.slice(0, 40)}'` : JSON.stringify(value).slice(0, 40);
}

function readImage(keys: Keys, file: string): string {
  const image = required(keys, 'image', file);
  return typeof image === 'string' ? image : rejectKey(file, 'image', 'the path of a PGM or PNG', image);
}

function numberOf(value: unknown): number | null {
  return typeof value === 'string' ? parseDecimal(value) : null;
}

function readNumber(keys: Keys, key: string, file: string): number {
  const value = required(keys, key, file);
  return numberOf(value) ?? rejectKey(file, key, 'a number', value);
}

function readOrigin(keys: Keys, file: string): [number, number, number] {
  const origin = required(keys, 'origin', file);
  const [x, y, yaw] = Array.isArray(origin) ? origin.map(numberOf) : [];
  // Hand-written maps often have two numbers. The yaw is then 0.
  const isComplete = typeof x === 'number' && typeof y === 'number' && yaw !== null;
  if (!isComplete || (origin as unknown[]).length > 3) {
    return rejectKey(file, 'origin', '[x, y, yaw] in metres and radians', origin);
  }
  return [x, y, yaw ?? 0];
}

const YES = ['true', 'yes', 'on', 'y'];
const NO = ['false', 'no', 'off', 'n'];

function readNegate(keys: Keys, file: string): boolean {
  const negate = given(keys, 'negate') ?? '0';
  const word = typeof negate === 'string' ? negate.toLowerCase() : '';
  if (numberOf(negate) === 0 || NO.includes(word)) return false;
  if (numberOf(negate) === 1 || YES.includes(word)) return true;
  return rejectKey(file, 'negate', '0 or 1', negate);
}

function readThreshold(keys: Keys, key: string, whenAbsent: number, file: string): number {
  const threshold = given(keys, key) === null ? whenAbsent : readNumber(keys, key, file);
  if (threshold < 0 || threshold > 1) throw new PlanError(file, `${key} must lie between 0 and 1, it is ${threshold}`);
  return threshold;
}

function readMode(keys: Keys, file: string): RosMap['mode'] {
  const mode = given(keys, 'mode') ?? 'trinary';
  // `map_server` ignores the case.
  const known = MAP_MODES.find((name) => typeof mode === 'string' && name === mode.toLowerCase());
  return known ?? rejectKey(file, 'mode', `one of ${MAP_MODES.join(', ')}`, mode);
}

export type Occupancy = 'free' | 'occupied' | 'unknown';

/**
 * How `map_server` interprets a grey value (0–255) in trinary mode: p = (255 − grey) / 255, or grey / 255 when negated;
 * above `occupied_thresh` is occupied, below `free_thresh` is free.
 * @see https://wiki.ros.org/map_server#Value_Interpretation
 */
export function occupancyOf(
  map: Pick<RosMap, 'negate' | 'occupiedThreshold' | 'freeThreshold'>,
  grey: number
): Occupancy {
  const probability = (map.negate ? grey : 255 - grey) / 255;
  if (probability > map.occupiedThreshold) return 'occupied';
  return probability < map.freeThreshold ? 'free' : 'unknown';
}

const DECIMAL = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/;

/** The value of a decimal number such as `-1.5`, `.05` or `5e-2`. Null for any other text and for infinity. */
export function parseDecimal(text: string): number | null {
  const number = DECIMAL.test(text) ? Number(text) : NaN;
  return Number.isFinite(number) ? number : null;
}
