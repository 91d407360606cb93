import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startChild } from '@floorwatch/servers/child';
import { REPOSITORY_DIR } from '@floorwatch/servers/paths';
import { cpuSeconds, peakRssMegabytes } from '../process-usage.ts';
import type { Measurement } from './ingest-report.ts';

const COMPONENT = 'Original consumer';
const POLL_MS = 50;

/** The table of the original design. */
export const ORIGINAL_TABLE = 'warehouse.telemetry_original';
export const CREATE_ORIGINAL_TABLE = `
  CREATE TABLE ${ORIGINAL_TABLE} (event_id String, robot_id String, ts DateTime64(3,'UTC'), event_type String,
    task_id Nullable(String), x Float64, y Float64, battery UInt8, error_code Nullable(String), meta String,
    received_at DateTime64(3,'UTC') DEFAULT now64(3))
  ENGINE = MergeTree PARTITION BY toYYYYMM(ts) ORDER BY (robot_id, ts)`;

/** Runs the original consumer, with its batches of 500 rows, over the first events of the same topic. */
export async function measureOriginal(options: {
  original: OriginalConsumer;
  brokers: string;
  clickHouse: { httpPort: number; pid: number };
  topic: string;
  events: number;
  logFile: string;
  settleMs: number;
}): Promise<Measurement> {
  const { clickHouse, events, original } = options;
  const serverBefore = cpuSeconds(clickHouse.pid);
  const startMs = performance.now();
  const child = await startChild({
    component: COMPONENT,
    command: original.python,
    args: [
      '-u',
      original.script,
      options.brokers,
      String(clickHouse.httpPort),
      options.topic,
      ORIGINAL_TABLE,
      String(events),
    ],
    logFile: options.logFile,
    missingRemedy: 'Install Python 3.',
  });
  let clientCpuSeconds = 0;
  let rssMegabytesPeak = 0;
  while (!child.hasExited()) {
    try {
      clientCpuSeconds = cpuSeconds(child.pid);
      // A process that is exiting has freed its memory and reports no peak.
      rssMegabytesPeak = peakRssMegabytes(child.pid) || rssMegabytesPeak;
    } catch {
      break; // The process has exited. Keep the last values.
    }
    await sleep(POLL_MS);
  }
  const wallSeconds = (performance.now() - startMs) / 1000;
  await sleep(options.settleMs);
  const serverCpuSeconds = cpuSeconds(clickHouse.pid) - serverBefore;
  return { events, wallSeconds, clientCpuSeconds, serverCpuSeconds, rssMegabytesPeak };
}

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
