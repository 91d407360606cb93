import type { ViewCheck } from '../compare/reading.ts';
import { SettledRows } from '../compare/settled.ts';
import type { Ledger } from '../fleet/ledger.ts';
import { between, differences } from '../compare/differences.ts';
import { NOW_ALLOWED_MS } from './fleet-now.ts';

const ALLOWED_MS = NOW_ALLOWED_MS;

export function deadLetterChecks(ledger: Ledger): ViewCheck[] {
  const settled = new SettledRows(ALLOWED_MS);
  const placeOf = (partition: unknown, offset: unknown, part: unknown): string => [partition, offset, part].join('/');
  return [
    {
      view: 'v_dead_letters',
      query: 'SELECT * FROM v_dead_letters',
      allowedMs: ALLOWED_MS,
      compare(rows, reading) {
        const expected = ledger.invalid.map(({ sentMs, partition, offset, part, reason, rawBytes, key }) => {
          const values = { reason, raw_bytes: rawBytes, key, path: ['ingestor', 'engine'], repaired_at: null };
          return [placeOf(partition, offset, part), { values, sinceMs: sentMs }] as const;
        });
        const keyOf = (row: Record<string, unknown>): string => placeOf(row['partition'], row['offset'], row['part']);
        const verdict = settled.compare(new Map(expected), rows, keyOf, reading);
        // A healthy fleet has none, and that is an answer too.
        return { ...verdict, compared: verdict.compared || (expected.length === 0 ? 1 : 0) };
      },
    },
    {
      view: 'v_dead_letter_reasons',
      query: 'SELECT reason, dead_letters, repaired, last_hour FROM v_dead_letter_reasons',
      allowedMs: ALLOWED_MS,
      compare(rows, { askedMs, isAtRest }) {
        const verdict = { compared: 0, mismatches: [] as string[], delayMs: 0 };
        const rowOf = new Map(rows.map((row) => [row['reason'], row]));
        if (rowOf.size !== rows.length) verdict.mismatches.push('a reason is there twice');
        for (const [reason, sent] of Map.groupBy(ledger.invalid, (one) => one.reason)) {
          const least = isAtRest ? sent.length : sent.filter(({ sentMs }) => sentMs <= askedMs - ALLOWED_MS).length;
          const row = rowOf.get(reason);
          if (!row && least === 0) continue;
          const count = between(least, sent.length);
          const wrong = row ? differences({ dead_letters: count, last_hour: count, repaired: 0 }, row) : ['is missing'];
          verdict.compared += 1;
          verdict.mismatches.push(...wrong.map((text) => `${reason}: ${text}`));
          const next = sent[Number(row?.['dead_letters'] ?? 0)];
          if (next) verdict.delayMs = Math.max(verdict.delayMs, askedMs - next.sentMs);
        }
        for (const reason of rowOf.keys()) {
          const isKnown = ledger.invalid.some((one) => one.reason === reason);
          if (!isKnown) verdict.mismatches.push(`${String(reason)}: should not exist`);
        }
        return { ...verdict, compared: verdict.compared || (ledger.invalid.length === 0 ? 1 : 0) };
      },
    },
  ];
}
