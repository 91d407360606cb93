import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { INGESTOR_NODE } from './ingestor.ts';
import { REPOSITORY_DIR } from './paths.ts';

test('the ingestor image uses the same Node flags as the stack and the benchmarks', () => {
  const dockerfile = readFileSync(join(REPOSITORY_DIR, 'ingestor/Dockerfile'), 'utf8').replaceAll(' \\\n ', '');
  const start = ['node', ...INGESTOR_NODE.flags, 'ingestor/src/main.ts'];
  expect(dockerfile).toContain(`ENTRYPOINT ${JSON.stringify(start).replaceAll(',', ', ')}`);
  // Node discards a compile cache that was made with other flags.
  expect(dockerfile).toContain(`RUN ${start.join(' ')} config`);
  expect(/^ENV NODE_COMPILE_CACHE=.*$/m.exec(dockerfile)?.[0].match(/\w+(?==)/g)).toEqual(
    Object.keys(INGESTOR_NODE.env)
  );
});
