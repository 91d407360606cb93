import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { runIngestBench } from '../bench/ingest/run-ingest-bench.ts';

it('bench:ingest counts every event of a recorded fleet', { timeout: 180_000 }, async () => {
  const dir = mkdtempSync(join(tmpdir(), 'floorwatch-bench-test-'));
  const file = join(dir, 'fleet.jsonl.gz');
  const lines = Array.from({ length: 3_000 }, (_, i) => {
    const ts = new Date(1_795_000_000_000 + i).toISOString();
    return JSON.stringify({ event_id: randomUUID(), robot_id: `amr-${i % 20}`, ts, x: i % 40, y: 2, battery: 50 });
  });
  writeFileSync(file, gzipSync(lines.join('\n')));
  try {
    const report = await runIngestBench({
      ...{ events: 0, file, original: null, originalEvents: 0 },
      say: () => undefined,
    });
    expect(report).toMatchObject({ events: 3_000, ratio_total_cpu: null, original: null });
    expect(report.client_cpu_s).toBeGreaterThan(0);
    expect(report.server_cpu_s).toBeGreaterThan(0);
    expect(report.rss_mb_peak).toBeGreaterThan(50);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});
