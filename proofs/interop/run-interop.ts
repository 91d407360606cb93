import { rmSync } from 'node:fs';
import { temporaryFolder } from '@floorwatch/servers/guard';
import { stopAllChildren } from '@floorwatch/servers/child';
import { startSecuredServers } from '@floorwatch/servers/secured/servers';
import { SECURITIES } from '@floorwatch/servers/secured/securities';
import { interopFormats } from './formats.ts';
import { readThrough, type InteropRow } from './read-through.ts';
import { CODECS, createTopics, type Codec } from './traffic.ts';

export interface InteropOptions {
  signal: AbortSignal;
  /** Called with each row when it is complete. */
  onRow: (row: InteropRow) => void;
  say: (line: string) => void;
}

export interface InteropSummary {
  rows: number;
  failed: number;
  ok: boolean;
}

/**
 * Reads every format in every codec through every kind of security, from a real broker and schema registry into a real
 * ClickHouse. Stops all servers at the end.
 * @throws ComponentUnavailableError
 */
export async function runInterop({ signal, onRow, say }: InteropOptions): Promise<InteropSummary> {
  const dir = temporaryFolder('floorwatch-interop');
  try {
    say('Starting Kafka, the schema registry and ClickHouse ...');
    const servers = await startSecuredServers(dir);
    const formats = await interopFormats(servers.registryUrl);
    await createTopics(servers.brokers.open, formats);
    const rows: InteropRow[] = [];
    for (const security of SECURITIES) {
      if (signal.aborted) break;
      say(`Reading through ${security.name} ...`);
      const read = await readThrough(servers, security, formats, Object.keys(CODECS) as Codec[]);
      read.forEach(onRow);
      rows.push(...read);
    }
    await servers.stop();
    const failed = rows.filter(({ ok }) => !ok).length;
    return { rows: rows.length, failed, ok: failed === 0 && !signal.aborted };
  } finally {
    await stopAllChildren();
    rmSync(dir, { recursive: true, force: true });
  }
}
