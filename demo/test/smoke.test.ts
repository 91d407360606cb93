import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { REPOSITORY_DIR } from '../src/processes/paths.ts';
import type { SmokeReport } from '../src/smoke/report.ts';

it('brings every event of a small fleet through both paths', () => {
  const { stdout, status } = spawnSync(
    process.execPath,
    [join(REPOSITORY_DIR, 'demo/src/main.ts'), 'smoke', '--json', '--robots', '20', '--duration', '30s'],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }
  );
  const report = JSON.parse(stdout) as SmokeReport;
  expect(report.problems).toEqual([]);
  expect(report).toMatchObject({ robots: 20, leftover_processes: 0, ok: true });
  expect(report.events_path_a).toBe(report.events_produced);
  expect(report.events_path_b).toBe(report.events_produced);
  expect(report.malformed_produced).toBeGreaterThan(0);
  expect(report.dead_letters).toBe(report.malformed_produced);
  expect(status).toBe(0);
});
