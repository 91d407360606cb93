import { join, resolve } from 'node:path';

export const REPOSITORY_DIR = resolve(import.meta.dirname, '../../..');

/** Data, logs, generated passwords and downloaded jars of the stack. Ignored by git; safe to delete. */
export const STATE_DIR = join(REPOSITORY_DIR, '.floorwatch');
