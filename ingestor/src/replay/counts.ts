import type { Metrics } from '../metrics/metrics.ts';

/** The counts of a replay so far. */
export interface ReplayCounts {
  messages: number;
  /** Valid events, without duplicates in the replay. */
  events: number;
  /** Rows added to `telemetry_raw`; the others were already stored. */
  added: number;
  /** Events dropped because their event id is in the duplicate window. */
  duplicates: number;
  /** Rejected events by reason. */
  rejected: Record<string, number>;
  dead_letters_added: number;
}

export async function countsOf(metrics: Metrics): Promise<ReplayCounts> {
  const inserted = await byLabel(metrics.insertedRows, 'table');
  return {
    messages: await total(metrics.messages),
    events: await total(metrics.events),
    added: inserted['telemetry_raw'] ?? 0,
    duplicates: await total(metrics.duplicates),
    rejected: await byLabel(metrics.rejected, 'reason'),
    dead_letters_added: inserted['dead_letters'] ?? 0,
  };
}

interface Counter {
  get(): Promise<{ values: { value: number; labels: Partial<Record<string, string | number>> }[] }>;
}

async function total(counter: Counter): Promise<number> {
  return (await counter.get()).values.reduce((sum, { value }) => sum + value, 0);
}

async function byLabel(counter: Counter, label: string): Promise<Record<string, number>> {
  const { values } = await counter.get();
  return Object.fromEntries(values.map(({ value, labels }) => [String(labels[label]), value]));
}
