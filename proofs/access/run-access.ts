import { startTwoSites } from '@floorwatch/ingestor/test/two-sites';
import { stopAllChildren } from '@floorwatch/servers/child';
import type { AccessRow } from './attempt.ts';
import { allAttempts } from './attempts.ts';

interface AccessOptions {
  /** Leaves out the attempts that take seconds. */
  isShort?: boolean;
  onRow?: (row: AccessRow) => void;
  /** Called for each attempt that the short form leaves out. */
  onSkipped?: () => void;
}

/**
 * Tries everything on a real ClickHouse with the shipped users file, and the data of two sites.
 * @throws ComponentUnavailableError
 */
export async function runAccess(options: AccessOptions): Promise<AccessRow[]> {
  const { isShort = false, onRow = () => undefined, onSkipped = () => undefined } = options;
  try {
    await using sites = await startTwoSites(Date.now());
    const rows: AccessRow[] = [];
    for (const { attempt, expected, run, isSlow = false } of allAttempts(sites)) {
      if (isShort && isSlow) {
        onSkipped();
        continue;
      }
      const row = { attempt, expected, seen: await run().catch((error: unknown) => String(error)) };
      rows.push(row);
      onRow(row);
    }
    return rows;
  } finally {
    await stopAllChildren();
  }
}
