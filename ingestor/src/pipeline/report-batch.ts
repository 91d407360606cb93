import type { Metrics } from '../metrics/metrics.ts';
import type { Batch } from './batch.ts';

/** Counts a batch whose offsets have just been committed. */
export function reportBatch(metrics: Metrics, batch: Batch): void {
  const doneMs = Date.now();
  metrics.processSeconds.observe((doneMs - batch.validatedAsOfMs) / 1000);
  metrics.eventAgeSeconds.observe(Math.max(0, doneMs - batch.oldestMs) / 1000);
  metrics.messages.inc(batch.messages);
  metrics.messageBytes.inc(batch.messageBytes);
  metrics.events.inc(batch.rows.rows);
  metrics.unknownTypes.inc(batch.unknownTypes);
  metrics.duplicates.inc(batch.duplicates);
  for (const [reason, count] of batch.rejected) metrics.rejected.inc({ reason }, count);
}
