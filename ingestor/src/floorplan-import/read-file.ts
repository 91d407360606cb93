import { readFileSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { PlanError } from '@floorwatch/floorplan/plan-error';
import { jsonProblem } from './json-problem.ts';

const PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  ERR_FS_FILE_TOO_LARGE: 'it is larger than 2 GiB',
};

/**
 * @param name the name of the file in errors
 * @throws PlanError naming the file when it cannot be read
 */
export function readBytes(file: string, name: string = file): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
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
export function readText(file: string): string {
  const bytes = readBytes(file);
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
