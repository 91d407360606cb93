import { join, resolve } from 'node:path';

export const REPOSITORY_DIR = resolve(import.meta.dirname, '../../..');

/** Everything that the stack writes: data, logs, generated passwords and downloaded jars. Ignored by git; safe to delete. */
export const STATE_DIR = join(REPOSITORY_DIR, '.floorwatch');
