import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { CASES } from '../bench/ingest/cases.ts';
import { runIngestBench } from '../bench/ingest/run-ingest-bench.ts';

const OPTIONS = { repetitions: 1, peers: [], original: null, originalEvents: 0, say: () => undefined };
const PEER = `exec ${process.execPath} ${join(import.meta.dirname, 'bench-peer.ts')}`;

it(
  'bench:ingest has a row for each format and feature, json first, and for another program',
  { timeout: 400_000 },
  async () => {
    const rows = await runIngestBench({
      ...{ ...OPTIONS, events: 3_000, cases: CASES },
      peers: [{ name: 'copy', command: PEER }],
    });
    expect(rows.map((row) => ('case' in row ? row.case : row.peer))).toEqual([...CASES, 'copy']);
    for (const row of rows) {
      const name = 'case' in row ? row.case : row.peer;
      expect(row, name).toMatchObject({ events: 3_000, repetitions: 1 });
      for (const key of [
        'events_per_client_cpu_s',
        'events_per_total_cpu_s',
        'client_cpu_s_min',
        'server_cpu_s_min',
      ] as const)
        expect(row[key], `${name} ${key}`).toBeGreaterThan(0);
      expect(row.rss_mb_peak, name).toBeGreaterThan(30);
      if (!('case' in row)) continue;
      expect(row.event_loop_ms_p99, name).toBeGreaterThan(0);
      expect(row.share_of_json, name).toBeGreaterThan(0);
    }
    expect(rows[0]).toMatchObject({ case: 'json', share_of_json: 1, ratio_total_cpu: null, original: null });
    expect(rows.at(-1)?.ratio_total_cpu).toBeGreaterThan(0);
  }
);

it('bench:ingest counts every event of a recorded fleet', { timeout: 180_000 }, async () => {
  const dir = mkdtempSync(join(tmpdir(), 'floorwatch-bench-test-'));
  const file = join(dir, 'fleet.jsonl.gz');
  const lines = Array.from({ length: 3_000 }, (_, i) => {
    const ts = new Date(1_795_000_000_000 + i).toISOString();
    return JSON.stringify({ event_id: randomUUID(), robot_id: `amr-${i % 20}`, ts, x: i % 40, y: 2, battery: 50 });
  });
  writeFileSync(file, gzipSync(lines.join('\n')));
  try {
    const [row, ...others] = await runIngestBench({ ...OPTIONS, events: 0, cases: ['json'], file });
    expect(row).toMatchObject({ case: 'json', events: 3_000, ratio_total_cpu: null, original: null });
    expect(row?.client_cpu_s).toBeGreaterThan(0);
    expect(row?.rss_mb_peak).toBeGreaterThan(50);
    expect(others).toEqual([]);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});
