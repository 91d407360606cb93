import { readFileSync, statSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { PlanError } from '@floorwatch/floorplan/plan-error';
import { jsonProblem } from './json-problem.ts';

const PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
};

const MIB = 1024 * 1024;
/** The YAML of a ROS map has a dozen lines. */
export const MAX_MAP_YAML_BYTES = MIB;
/** 100 million pixels of 16 bits as text, the largest form of an image. */
export const MAX_IMAGE_BYTES = 700 * MIB;
/** Zones of a site, or positions of a day. */
const MAX_DATA_BYTES = 64 * MIB;

/**
 * Reads a regular file up to a size. A device or a pipe has no end, and a map of a stranger can name one as its image.
 * @param name the name of the file in errors
 * @throws PlanError naming the file when it cannot be read
 */
export function readBytes(file: string, mostBytes = MAX_DATA_BYTES, name: string = file): Uint8Array {
  try {
    const found = statSync(file);
    if (found.isDirectory()) throw new PlanError(name, `cannot be read (${PROBLEMS['EISDIR'] ?? ''})`);
    if (!found.isFile()) throw new PlanError(name, 'cannot be read (it is not a regular file)');
    if (found.size > mostBytes) throw new PlanError(name, `cannot be read (it is larger than ${mostBytes / MIB} MiB)`);
    return readFileSync(file);
  } catch (error) {
    if (error instanceof PlanError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    // npm runs a script in the project's folder, not in the current one.
    const where = code === 'ENOENT' && !isAbsolute(file) ? ` in ${process.cwd()}` : '';
    throw new PlanError(name, `cannot be read (${PROBLEMS[code] ?? code}${where})`);
  }
}

/**
 * The text of a UTF-8 file, without a byte order mark. Other encodings are an error, because names would be garbled.
 * @throws PlanError naming the file when it cannot be read or is not text
 */
export function readText(file: string, mostBytes = MAX_DATA_BYTES): string {
  const bytes = readBytes(file, mostBytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new PlanError(file, 'is not UTF-8 text');
  }
}

/** @throws PlanError naming the file when it cannot be read or is not JSON */
export function readJson(file: string): unknown {
  return parseJson(readText(file), file);
}

/** @throws PlanError naming the file, and the line if it is known, when the text is not JSON */
export function parseJson(text: string, file: string): unknown {
  if (text.trim() === '') throw new PlanError(file, 'is empty');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new PlanError(file, `is not JSON (${jsonProblem(text, error as Error)})`);
  }
}
