import type { Metrics } from '../metrics/metrics.ts';
import type { Range } from './batch.ts';

/** Counts a range whose offsets have just been committed. */
export function reportRange(metrics: Metrics, range: Range): void {
  const doneMs = Date.now();
  metrics.processSeconds.observe((doneMs - range.validatedAsOfMs) / 1000);
  metrics.eventAgeSeconds.observe(Math.max(0, doneMs - range.oldestMs) / 1000);
  metrics.messages.inc(range.messages);
  metrics.messageBytes.inc(range.messageBytes);
  metrics.events.inc(range.rows.rows);
  metrics.unknownTypes.inc(range.unknownTypes);
  metrics.duplicates.inc(range.duplicates);
  for (const [reason, count] of range.rejected) metrics.rejected.inc({ reason }, count);
}
