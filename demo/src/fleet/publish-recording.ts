import { randomUUID } from 'node:crypto';
import { createFaultInjector, withFaults, type FaultOptions } from './faults.ts';
import { publish, type PublishOptions } from './publish.ts';
import { recordedMessages } from './recorded-messages.ts';
import { measureRecording, type RecordingPeriod } from './recording-period.ts';
import type { ProducedCounts } from './tally.ts';

export interface PublishRecordingOptions extends PublishOptions {
  /** JSONL or JSONL.gz, one event per line. */
  file: string;
  /** True (default): new times and event ids, so that the events are new data. False: every byte as recorded. */
  shift?: boolean | undefined;
  /** Publishes only the first lines. */
  limit?: number | undefined;
  faults?: FaultOptions | undefined;
  /** Seed of the faults. Default: 1. */
  seed?: number | undefined;
  /** Called for each invalid line with its file, line number and problem. */
  onBadLine?: ((text: string) => void) | undefined;
  /** Called before the first message, when the length of the recording is known. */
  onMeasured?: ((recording: RecordingPeriod & { lines: number }) => void) | undefined;
}

/**
 * Publishes a recorded fleet and returns the counts of what Kafka acknowledged.
 * New event times are never in the future: at speed 1 the recording starts now; at speed N it starts far enough in the
 * past that its last event is published at its event time. Durations stay as recorded at any speed.
 */
export async function publishRecording(options: PublishRecordingOptions): Promise<ProducedCounts> {
  const { file, limit = Infinity, speed = 1, seed = 1 } = options;
  const period = await measureRecording(file, limit);
  options.onMeasured?.(period);
  const catchUpMs = Math.max(0, Math.round((period.lastMs - period.firstMs) * (1 - 1 / speed)));
  const rewrite = { period, shiftMs: Date.now() - catchUpMs - period.firstMs, runId: randomUUID() };
  const messages = recordedMessages({ ...options, period, rewrite: options.shift === false ? null : rewrite });
  return publish(withFaults(messages, createFaultInjector(options.faults ?? {}, seed)), options);
}
