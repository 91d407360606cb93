import { readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from '@floorwatch/demo/fleet/random';

/** At most this many record batches are lost. */
const MAX_BATCHES = 3;
/** Of a record batch: its base offset and its length. */
const HEAD_BYTES = 12;

/**
 * Cuts the last record batches off the log of one partition, as an unclean leader election does. Call it while the broker is
 * not running; it then recovers the log.
 * @param dataDir of the broker, or a folder above
 * @returns false if the log has no batches
 */
export function truncateLog(dataDir: string, topic: string, random: Random): boolean {
  const logs = readdirSync(dataDir, { recursive: true, encoding: 'utf8' })
    .filter((path) => new RegExp(`(^|/)${topic.replaceAll('.', '\\.')}-\\d+/\\d{20}\\.log$`).test(path))
    .map((path) => join(dataDir, path));
  const newest = [...Map.groupBy(logs, (path) => path.slice(0, path.lastIndexOf('/'))).values()]
    .flatMap((segments) => segments.sort().at(-1) ?? [])
    .filter((segment) => batchStarts(segment).length > 0);
  if (newest.length === 0) return false;
  const segment = random.pick(newest);
  const starts = batchStarts(segment);
  truncateSync(segment, starts.at(-random.integer(1, Math.min(MAX_BATCHES, starts.length))) ?? 0);
  // The broker builds these again from the log.
  for (const ending of ['.index', '.timeindex']) rmSync(segment.replace(/\.log$/, ending), { force: true });
  return true;
}

/** Positions of the record batches in a segment. A file that was not closed cleanly may end with zeros. */
function batchStarts(segment: string): number[] {
  const bytes = readFileSync(segment);
  const starts: number[] = [];
  for (let at = 0; at + HEAD_BYTES <= bytes.length;) {
    const length = bytes.readInt32BE(at + 8);
    if (length <= 0 || at + HEAD_BYTES + length > bytes.length) break;
    starts.push(at);
    at += HEAD_BYTES + length;
  }
  return starts;
}
