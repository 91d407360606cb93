import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY_DIR } from '@floorwatch/servers/paths';

/** The original consumer and the Python that runs it. */
export interface OriginalConsumer {
  script: string;
  python: string;
}

/** The original consumer, or what is missing to run it and how to get it. */
export function findOriginal(script?: string): { original: OriginalConsumer } | { original: null; problem: string } {
  const missing = (problem: string) => ({ original: null, problem });
  if (script === undefined) return missing('set --original or ORIGINAL_CONSUMER to its script.');
  if (!existsSync(script)) return missing(`${script} does not exist.`);
  const folder = join(REPOSITORY_DIR, '.floorwatch/python');
  const python = join(folder, 'bin/python');
  if (existsSync(python)) return { original: { script, python } };
  return missing(`run python3 -m venv ${folder} && ${folder}/bin/pip install confluent-kafka clickhouse-connect`);
}
