import { createHash } from 'node:crypto';
import { basename, dirname, extname, resolve } from 'node:path';
import { decodePgm, MAX_PLAN_PIXELS } from '@floorwatch/floorplan/pgm';
import { PlanError } from '@floorwatch/floorplan/plan-error';
import { parseRosMap, rosMapGeometry, type RosMap } from '@floorwatch/floorplan/ros-map';
import type { PlanGeometry } from '@floorwatch/floorplan/transform';
import { decode, encode, hasPngSignature } from 'fast-png';
import { boundedPng } from './png-data.ts';
import { MAX_IMAGE_BYTES, MAX_MAP_YAML_BYTES, readBytes, readText } from './read-file.ts';

/** A floor plan as stored in `floor_plans`: the image as PNG, and its placement. */
export interface FloorPlan {
  mapId: string;
  siteId: string;
  name: string;
  png: Uint8Array;
  geometry: PlanGeometry;
  /** Of image and placement: equal plans have equal checksums. */
  checksum: string;
}

export interface PlanNames {
  /** The `map_id` that robots report; default: the YAML's file name without extension. */
  mapId?: string | undefined;
  siteId?: string | undefined;
  name?: string | undefined;
}

/**
 * Reads a ROS map: its YAML and the image that it names (PGM or PNG).
 * @throws PlanError naming the file, and the key if there is one
 */
export function readRosPlan(yamlFile: string, names: PlanNames = {}): FloorPlan {
  const map = parseRosMap(readText(yamlFile, MAX_MAP_YAML_BYTES), yamlFile);
  const image = asPng(...imageOf(map, yamlFile));
  const geometry = rosMapGeometry(map, image.widthPixels, image.heightPixels);
  const mapId = names.mapId ?? basename(yamlFile, extname(yamlFile));
  return {
    mapId,
    siteId: names.siteId ?? '',
    name: names.name ?? mapId,
    png: image.png,
    geometry,
    checksum: createHash('sha256').update(image.png).update(JSON.stringify(geometry)).digest('hex'),
  };
}

/**
 * The placement of a ROS map in the map frame, from its YAML and the size of its image (PGM or PNG).
 * @throws PlanError naming the file, and the key if there is one
 */
export function readRosGeometry(yamlFile: string): PlanGeometry {
  const map = parseRosMap(readText(yamlFile, MAX_MAP_YAML_BYTES), yamlFile);
  const [bytes, file] = imageOf(map, yamlFile);
  const { widthPixels, heightPixels } = hasPngSignature(bytes) ? sizeOfPng(bytes, file) : decodePgm(bytes, file);
  return rosMapGeometry(map, widthPixels, heightPixels);
}

/** The bytes of a map's image, and its file. The decoder rejects netpbm images other than PGM. */
function imageOf({ image }: RosMap, yamlFile: string): [bytes: Uint8Array, file: string] {
  const file = resolve(dirname(yamlFile), image);
  const bytes = readBytes(file, MAX_IMAGE_BYTES, `${yamlFile}: image ${file}`);
  if (String.fromCharCode(bytes[0] ?? 0) === 'P' || hasPngSignature(bytes)) return [bytes, file];
  throw new PlanError(file, 'is neither a PGM nor a PNG image');
}

interface ImageSize {
  widthPixels: number;
  heightPixels: number;
}

/** A PNG is stored unchanged. A PGM becomes a grey PNG, because browsers cannot show it. */
function asPng(bytes: Uint8Array, file: string): ImageSize & { png: Uint8Array } {
  if (hasPngSignature(bytes)) return { ...sizeOfPng(bytes, file), png: bytes };
  const { widthPixels, heightPixels, grey } = decodePgm(bytes, file);
  const png = encode({ width: widthPixels, height: heightPixels, data: grey, channels: 1 });
  return { widthPixels, heightPixels, png };
}

function sizeOfPng(bytes: Uint8Array, file: string): ImageSize {
  // Checks the size in the header before decoding: an image of 20,000 × 20,000 pixels would take gigabytes of memory.
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const hasHeader = bytes.length >= 24 && String.fromCharCode(...bytes.subarray(12, 16)) === 'IHDR';
  if (!hasHeader) throw new PlanError(file, 'is cut short or corrupt: it has no PNG header');
  const width = header.getUint32(16);
  const height = header.getUint32(20);
  if (width === 0 || height === 0) throw new PlanError(file, `has no pixels: it is ${width} × ${height}`);
  if (width * height > MAX_PLAN_PIXELS) {
    throw new PlanError(
      file,
      `${width} × ${height} pixels are more than the limit of ${MAX_PLAN_PIXELS / 1e6} million`
    );
  }
  const bounded = boundedPng(bytes, file);
  try {
    decode(bounded, { checkCrc: true });
  } catch (error) {
    // Only the decoder's own errors have a useful message.
    const words = error instanceof RangeError || error instanceof TypeError ? '' : `: ${(error as Error).message}`;
    throw new PlanError(file, `is not a readable PNG: it is cut short or corrupt${words}`);
  }
  return { widthPixels: width, heightPixels: height };
}
