import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { REPOSITORY_DIR } from '@floorwatch/servers/paths';
import { expect, it } from 'vitest';
import type { SmokeReport } from '../smoke/report.ts';

/** A run takes half a minute on an idle machine. On a busy one, the Java servers alone need two minutes to start. */
const RUN_TIMEOUT_MS = 300_000;

/** Runs `smoke` until it exits. */
function smoke(env: NodeJS.ProcessEnv, ...flags: string[]) {
  return spawnSync(process.execPath, [join(REPOSITORY_DIR, 'proofs/main.ts'), 'smoke', '--json', ...flags], {
    env: { ...process.env, ...env },
    encoding: 'utf8',
    timeout: RUN_TIMEOUT_MS,
  });
}

it(
  'both paths store every event of a small fleet',
  () => {
    const { stdout, status } = smoke({}, '--robots', '20', '--duration', '30s');
    const report = JSON.parse(stdout) as SmokeReport;
    expect(report.problems).toEqual([]);
    expect(report).toMatchObject({ robots: 20, leftover_processes: 0, ok: true });
    expect(report.events_path_a).toBe(report.events_produced);
    expect(report.events_path_b).toBe(report.events_produced);
    expect(report.malformed_produced).toBeGreaterThan(0);
    expect(report.dead_letters).toBe(report.malformed_produced);
    expect(status).toBe(0);
  },
  RUN_TIMEOUT_MS
);

it('exits with the reason when the stack cannot start', () => {
  const { stdout, stderr, status } = smoke({ PATH: '', GRAFANA_HOME: '/nonexistent' });
  expect(stderr).toMatch(/^Kafka: Java 17 is not installed\./m);
  expect(stderr).toMatch(/^Smoke: the ingestor is not running\./m);
  expect(stdout).toBe('');
  expect(status).toBe(1);
});
