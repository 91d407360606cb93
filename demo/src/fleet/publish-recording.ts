import { randomUUID } from 'node:crypto';
import { createFaultInjector, withFaults, type FaultOptions } from './faults.ts';
import { publish, type PublishOptions } from './publish.ts';
import { recordedMessages } from './recorded-messages.ts';
import { measureRecording, type RecordingSpan } from './span.ts';
import type { ProducedCounts } from './tally.ts';

export interface ReplayOptions extends PublishOptions {
  /** JSONL, or JSONL.gz: one event of the contract a line. */
  file: string;
  /** True, the default: new times and new event ids, so that the replay is new data. False: every byte as recorded. */
  shift?: boolean | undefined;
  /** Publishes only this many lines. */
  limit?: number | undefined;
  faults?: FaultOptions | undefined;
  /** Draws the faults; 1 when absent. */
  seed?: number | undefined;
  /** Called with a text that names file, line and fault of each line that breaks the contract. */
  onBadLine?: ((text: string) => void) | undefined;
  /** Called once the recording's length is known, before the first message. */
  onMeasured?: ((recording: RecordingSpan & { lines: number }) => void) | undefined;
}

/**
 * Publishes a recorded fleet and returns exactly what Kafka took.
 * An event's new time is never ahead of the clock: at speed 1 the recording begins now, at speed N it begins so far in
 * the past that its last event is published at its own time. Durations stay as recorded at any speed.
 */
export async function replayFile(options: ReplayOptions): Promise<ProducedCounts> {
  const { file, limit = Infinity, speed = 1, seed = 1 } = options;
  const span = await measureRecording(file, limit);
  options.onMeasured?.(span);
  const catchUpMs = Math.max(0, Math.round((span.lastMs - span.firstMs) * (1 - 1 / speed)));
  const rewrite = { span, shiftMs: Date.now() - catchUpMs - span.firstMs, runId: randomUUID() };
  const messages = recordedMessages({ ...options, span, rewrite: options.shift === false ? null : rewrite });
  return publish(withFaults(messages, createFaultInjector(options.faults ?? {}, seed)), options);
}
