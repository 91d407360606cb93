import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publishRecording } from '@floorwatch/demo/fleet/publish-recording';
import { stopAllChildren } from '@floorwatch/servers/child';
import { startBenchServers, TOPIC } from '../bench-servers.ts';
import { publishEvents } from '../publish-events.ts';
import { ingestReport, type IngestBenchReport } from './ingest-report.ts';
import { measureIngestor } from './measure-ingestor.ts';
import { CREATE_ORIGINAL_TABLE, measureOriginal, type OriginalConsumer } from './measure-original.ts';

export interface IngestBenchOptions {
  events: number;
  /** A recorded fleet to measure with instead of generated events. */
  file?: string | undefined;
  /** Masks a field that no event has, so that every event is parsed and no value changes. */
  general?: boolean | undefined;
  /** Null: no comparison. */
  original: OriginalConsumer | null;
  /** Events to read with the original consumer. The cost per event does not depend on their number. */
  originalEvents: number;
  say: (line: string) => void;
}

/** Merges after the last insert count for this long. */
const SETTLE_MS = 2_000;
/** Publish a recording as fast as the broker accepts messages. */
const NO_PACE = 1e9;

/** Measures the ingestor and then the original consumer with the same topic on the same servers. */
export async function runIngestBench(options: IngestBenchOptions): Promise<IngestBenchReport> {
  const dir = mkdtempSync(join(tmpdir(), 'floorwatch-bench-'));
  try {
    const servers = await startBenchServers(dir, 'ingestor');
    options.say('Publishing ...');
    const messages = await publish(servers.kafka.brokers, options);
    options.say(`Reading ${messages} messages with the ingestor ...`);
    const ours = await measureIngestor({
      env: { ...servers.ingestorEnv, ...(options.general && { MASK_FIELDS: 'meta.operator=drop' }) },
      clickHousePid: servers.clickHouse.pid,
      messages,
      logFile: join(dir, 'ingestor.log'),
      settleMs: SETTLE_MS,
    });
    if (options.original === null) return ingestReport(ours, null);
    const events = Math.min(options.originalEvents, messages);
    options.say(`Reading ${events} messages with the original consumer ...`);
    await servers.owner.command({ query: CREATE_ORIGINAL_TABLE });
    const original = await measureOriginal({
      original: options.original,
      brokers: servers.kafka.brokers,
      clickHouse: servers.clickHouse,
      topic: TOPIC,
      events,
      logFile: join(dir, 'original.log'),
      settleMs: SETTLE_MS,
    });
    await servers.stop();
    return ingestReport(ours, original);
  } finally {
    await stopAllChildren();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function publish(brokers: string, { events, file }: IngestBenchOptions): Promise<number> {
  if (file === undefined) {
    await publishEvents(brokers, TOPIC, events);
    return events;
  }
  const never = new AbortController().signal;
  return (await publishRecording({ brokers, topic: TOPIC, file, speed: NO_PACE, signal: never })).messages;
}
