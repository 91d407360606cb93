import { readFile } from 'node:fs/promises';
import { basename, dirname, extname, resolve } from 'node:path';
import { decodePgm, type GreyImage } from '@floorwatch/floorplan/pgm';
import { parseRosMap } from '@floorwatch/floorplan/ros-map';
import { decode as decodePng } from 'fast-png';
import type { Floor } from './floor.ts';
import { parseGridMap } from './grid-map.ts';
import { InputError } from './input-error.ts';
import { rosFloor } from './ros-floor.ts';

/** The demo's own warehouse, drawn by `plans/draw.ts`. */
const DEMO_PLANS = ['hall.yaml', 'mezzanine.yaml'].map((file) => resolve(import.meta.dirname, '../../plans', file));

export function loadDemoFloors(): Promise<Floor[]> {
  return loadFloors(DEMO_PLANS);
}

/** Reads plans in their order; each floor's map_id is the file's name without its ending. */
export function loadFloors(files: readonly string[]): Promise<Floor[]> {
  return Promise.all(files.map(loadFloor));
}

/** @throws naming the file and what is wrong with it */
async function loadFloor(file: string): Promise<Floor> {
  const mapId = basename(file, extname(file));
  const text = await readFile(file, 'utf8');
  if (extname(file) === '.map') return parseGridMap(text, file, mapId);
  const map = parseRosMap(text, file);
  return rosFloor(map, await readImage(resolve(dirname(file), map.image)), mapId);
}

async function readImage(file: string): Promise<GreyImage> {
  const bytes = await readFile(file);
  if (extname(file).toLowerCase() !== '.png') return decodePgm(bytes, file);
  const { width, height, channels, depth, data } = decodePng(bytes);
  if (depth !== 8) throw new InputError(`${file}: ${depth} bits a sample; a plan for the simulator needs 8`);
  const grey = Uint8Array.from({ length: width * height }, (_, pixel) => Number(data[pixel * channels]));
  return { widthPixels: width, heightPixels: height, grey };
}
