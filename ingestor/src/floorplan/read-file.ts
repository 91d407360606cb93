import { readFileSync } from 'node:fs';
import { PlanError } from '../plans/plan-error.ts';

/** @throws PlanError naming the file when it cannot be read */
export function readBytes(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new PlanError(file, `cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`);
  }
}

/** @throws PlanError naming the file when it cannot be read */
export function readText(file: string): string {
  return Buffer.from(readBytes(file)).toString('utf8');
}

/** @throws PlanError naming the file when it cannot be read or is not JSON */
export function readJson(file: string): unknown {
  return parseJson(readText(file), file);
}

/** @throws PlanError naming the file when the text is not JSON */
export function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new PlanError(file, `is not JSON (${(error as Error).message})`);
  }
}
