import { between, differences } from '../compare/differences.ts';
import type { ViewCheck } from '../compare/reading.ts';
import type { Ledger } from '../fleet/ledger.ts';

const PATHS = ['ingestor', 'engine'] as const;
/** Both paths report every five seconds; the engine's statistics are five seconds old when they are read. */
const ALLOWED_MS = 30_000;

/** v_path_offsets: how far each path has stored each partition. */
export function pathOffsetsCheck(ledger: Ledger, topic: string): ViewCheck {
  return {
    view: 'v_path_offsets',
    query: 'SELECT *, toUnixTimestamp64Milli(sampled_at) AS sampled_ms FROM v_path_offsets',
    allowedMs: ALLOWED_MS,
    compare(rows, { askedMs, answeredMs }) {
      const verdict = { compared: 0, mismatches: [] as string[], delayMs: 0 };
      const place = (path: unknown, partition: unknown): string => `${String(path)} ${String(partition)}`;
      const rowOf = new Map(rows.map((row) => [place(row['path'], row['partition']), row]));
      if (rowOf.size !== rows.length) verdict.mismatches.push('a partition is there twice');
      for (const [partition, ends] of ledger.ends) {
        const least = ends.findLast(({ sentMs }) => sentMs <= askedMs - ALLOWED_MS)?.endOffset ?? 0;
        const most = ends.at(-1)?.endOffset ?? 0;
        for (const path of PATHS) {
          const row = rowOf.get(place(path, partition));
          if (!row && least === 0) continue;
          verdict.compared += 1;
          const wrong = row
            ? differences(
                {
                  topic,
                  sampled_ms: between(askedMs - ALLOWED_MS, answeredMs + 1000),
                  end_offset: between(least, most),
                  committed_offset: between(least, Number(row['end_offset'])),
                  lag_messages: Number(row['end_offset']) - Number(row['committed_offset']),
                  lag_seconds: between(0, ALLOWED_MS / 1000),
                },
                row
              )
            : ['is missing'];
          verdict.mismatches.push(...wrong.map((text) => `${path} ${partition}: ${text}`));
          const next = ends.find(({ endOffset }) => endOffset > Number(row?.['committed_offset'] ?? 0));
          if (next) verdict.delayMs = Math.max(verdict.delayMs, answeredMs - next.sentMs);
        }
      }
      for (const [key, row] of rowOf) {
        const isKnown = PATHS.some((path) => path === row['path']) && Number(row['partition']) in [0, 1, 2, 3];
        if (!isKnown) verdict.mismatches.push(`${key}: should not exist`);
      }
      return verdict;
    },
  };
}
