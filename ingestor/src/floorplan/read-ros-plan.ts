import { createHash } from 'node:crypto';
import { basename, dirname, extname, resolve } from 'node:path';
import { decode, encode, hasPngSignature } from 'fast-png';
import { decodePgm, MAX_PLAN_PIXELS } from '../plans/pgm.ts';
import { PlanError } from '../plans/plan-error.ts';
import { parseRosMap, rosMapGeometry } from '../plans/ros-map.ts';
import type { PlanGeometry } from '../plans/transform.ts';
import { readBytes, readText } from './read-file.ts';

/** A floor plan as `floor_plans` keeps it: the image as PNG, and where it lies. */
export interface FloorPlan {
  mapId: string;
  siteId: string;
  name: string;
  png: Uint8Array;
  geometry: PlanGeometry;
  /** Of image and place: the same plan twice has the same. */
  checksum: string;
}

export interface PlanNames {
  /** The `map_id` that robots report; the YAML's file name without its ending when absent. */
  mapId?: string | undefined;
  siteId?: string | undefined;
  name?: string | undefined;
}

/**
 * Reads a ROS map: its YAML and the image that it names (PGM or PNG).
 * @throws PlanError naming the file, and the key where there is one
 */
export function readRosPlan(yamlFile: string, names: PlanNames = {}): FloorPlan {
  const map = parseRosMap(readText(yamlFile), yamlFile);
  const image = readImage(resolve(dirname(yamlFile), map.image));
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
 * Where a ROS map lies in the map frame, by its YAML and the size of the image that it names (PGM or PNG).
 * @throws PlanError naming the file, and the key where there is one
 */
export function readRosGeometry(yamlFile: string): PlanGeometry {
  const map = parseRosMap(readText(yamlFile), yamlFile);
  const file = resolve(dirname(yamlFile), map.image);
  const bytes = readBytes(file);
  const { widthPixels, heightPixels } = hasPngSignature(bytes) ? sizeOfPng(bytes, file) : decodePgm(bytes, file);
  return rosMapGeometry(map, widthPixels, heightPixels);
}

interface ImageSize {
  widthPixels: number;
  heightPixels: number;
}

/** A PNG is kept byte for byte; a PGM, which no browser shows, becomes a grey PNG. */
function readImage(file: string): ImageSize & { png: Uint8Array } {
  const bytes = readBytes(file);
  if (hasPngSignature(bytes)) return { ...sizeOfPng(bytes, file), png: bytes };
  const { widthPixels, heightPixels, grey } = decodePgm(bytes, file);
  const png = encode({ width: widthPixels, height: heightPixels, data: grey, channels: 1 });
  return { widthPixels, heightPixels, png };
}

function sizeOfPng(bytes: Uint8Array, file: string): ImageSize {
  // The size is read from the header first: decoding a picture of 20,000 × 20,000 only to refuse it takes gigabytes.
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 24) throw new PlanError(file, 'is cut short: it has no PNG header');
  const width = header.getUint32(16);
  const height = header.getUint32(20);
  if (width * height > MAX_PLAN_PIXELS) {
    throw new PlanError(
      file,
      `${width} × ${height} pixels are more than the limit of ${MAX_PLAN_PIXELS / 1e6} million`
    );
  }
  try {
    decode(bytes, { checkCrc: true });
  } catch (error) {
    throw new PlanError(file, `is not a readable PNG (${(error as Error).message})`);
  }
  return { widthPixels: width, heightPixels: height };
}
