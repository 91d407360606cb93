import { setTimeout as sleep } from 'node:timers/promises';
import { openGroupLag } from '@floorwatch/servers/group-lag';
import { startIngestor } from '@floorwatch/servers/ingestor';
import { cpuSeconds, peakRssMegabytes } from '../process-usage.ts';
import type { Measurement } from './ingest-report.ts';

const POLL_MS = 100;

/** Runs the ingestor with its default configuration until its group has committed everything. */
export async function measureIngestor(options: {
  env: Readonly<Record<string, string>>;
  brokers: string;
  topic: string;
  groupId: string;
  clickHousePid: number;
  logFile: string;
  settleMs: number;
}): Promise<Measurement> {
  const { brokers, groupId, topic } = options;
  const lag = await openGroupLag(brokers, groupId, topic);
  const serverBefore = cpuSeconds(options.clickHousePid);
  const startMs = performance.now();
  const ingestor = await startIngestor({
    env: { ...options.env, KAFKA_TOPIC: topic, KAFKA_GROUP_ID: groupId },
    logFile: options.logFile,
  });
  // Not its metrics: each read of them resets the histogram of the event loop.
  while ((await lag.read()) > 0) await sleep(POLL_MS);
  const wallSeconds = (performance.now() - startMs) / 1000;
  const clientCpuSeconds = cpuSeconds(ingestor.pid);
  const rssMegabytesPeak = peakRssMegabytes(ingestor.pid);
  const metrics = await (await fetch(`${ingestor.url}/metrics`)).text();
  await sleep(options.settleMs);
  const serverCpuSeconds = cpuSeconds(options.clickHousePid) - serverBefore;
  await Promise.all([ingestor.stop(), lag.close()]);
  return {
    ...{ events: metric(metrics, 'floorwatch_events_total'), wallSeconds, clientCpuSeconds, serverCpuSeconds },
    ...{ rssMegabytesPeak, eventLoopMsP99: 1000 * metric(metrics, 'nodejs_eventloop_lag_p99_seconds') },
  };
}

function metric(text: string, name: string): number {
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? 0);
}
