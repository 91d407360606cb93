import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY_DIR } from '@floorwatch/servers/paths';
import { expect, test } from 'vitest';
import { VIEW_QUESTIONS } from './view-questions.ts';

const VIEW = /\b(?:v_[a-z_]+|task_events_mv)\b/g;

test('the benchmark measures every view that a page, a dashboard or a rule reads', () => {
  const read = ['plugin/src', 'provisioning', 'ingestor/src/provisioning'].flatMap((folder) => {
    const path = join(REPOSITORY_DIR, folder);
    const files = readdirSync(path, { recursive: true, withFileTypes: true }).filter(
      (entry) => entry.isFile() && /(?<!\.test)\.(?:tsx?|json|ya?ml)$/.test(entry.name)
    );
    return files.flatMap((file) => readFileSync(join(file.parentPath, file.name), 'utf8').match(VIEW) ?? []);
  });
  expect(read.length).toBeGreaterThan(20);
  const timed = new Set(VIEW_QUESTIONS.map(({ name }) => name));
  expect([...new Set(read)].filter((name) => !timed.has(name))).toEqual([]);
});
