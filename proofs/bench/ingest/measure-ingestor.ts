import { setTimeout as sleep } from 'node:timers/promises';
import { startIngestor } from '@floorwatch/servers/ingestor';
import { cpuSeconds, peakRssMegabytes } from '../process-usage.ts';
import type { Measurement } from './ingest-report.ts';

const POLL_MS = 200;

/** Runs the ingestor with its default configuration until all messages are durable. */
export async function measureIngestor(options: {
  env: Readonly<Record<string, string>>;
  clickHousePid: number;
  messages: number;
  logFile: string;
  settleMs: number;
}): Promise<Measurement> {
  const serverBefore = cpuSeconds(options.clickHousePid);
  const startMs = performance.now();
  const ingestor = await startIngestor({ env: options.env, logFile: options.logFile });
  const read = async (name: string): Promise<number> =>
    metric(await (await fetch(`${ingestor.url}/metrics`)).text(), name);
  while ((await read('floorwatch_messages_total')) < options.messages) await sleep(POLL_MS);
  const wallSeconds = (performance.now() - startMs) / 1000;
  const clientCpuSeconds = cpuSeconds(ingestor.pid);
  const events = await read('floorwatch_events_total');
  const rssMegabytesPeak = peakRssMegabytes(ingestor.pid);
  await sleep(options.settleMs);
  const serverCpuSeconds = cpuSeconds(options.clickHousePid) - serverBefore;
  await ingestor.stop();
  return { events, wallSeconds, clientCpuSeconds, serverCpuSeconds, rssMegabytesPeak };
}

function metric(text: string, name: string): number {
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? 0);
}
