import { setTimeout as sleep } from 'node:timers/promises';
import { createFaultInjector, withFaults, type FaultOptions } from './faults.ts';
import { simulate } from './fleet.ts';
import type { Floor } from './floor.ts';
import { loadDemoFloors } from './plans.ts';
import { publish, type PublishOptions } from './publish.ts';
import { createTally, type ProducedCounts } from './tally.ts';

const DAY_MS = 86_400_000;

export interface SimulateOptions extends PublishOptions {
  /** 0 publishes nothing, until the signal. */
  robots: number;
  /** Position updates a second from each driving robot. */
  rateHz?: number | undefined;
  seed?: number | undefined;
  /** Of simulated time. Infinity, the default: until the signal. */
  durationSeconds?: number | undefined;
  /** The demo's own warehouse when absent. */
  floors?: readonly Floor[] | undefined;
  siteId?: string | undefined;
  faults?: FaultOptions | undefined;
  /** Event time of the first step, milliseconds since the epoch; now when absent. */
  startMs?: number | undefined;
}

/** Publishes a simulated fleet and returns exactly what Kafka took. */
export async function simulateFleet(options: SimulateOptions): Promise<ProducedCounts> {
  const { seed = 1, durationSeconds = Infinity, speed = 1, signal } = options;
  if (options.robots === 0) {
    // A container with no robots rests; one that ended would be started again and again.
    if (durationSeconds === Infinity && signal) await untilAborted(signal);
    return createTally().counts();
  }
  // An event must not be ahead of the clock, so a run that is faster than time begins in the past.
  const headStartMs = Number.isFinite(durationSeconds) ? durationSeconds * 1000 * (1 - 1 / speed) : 0;
  const batches = simulate({
    floors: options.floors ?? (await loadDemoFloors()),
    siteId: options.siteId ?? 'demo-warehouse',
    robots: options.robots,
    rateHz: options.rateHz ?? 1,
    seed,
    startMs: options.startMs ?? Date.now() - Math.max(0, Math.round(headStartMs)),
    durationSeconds,
  });
  return publish(withFaults(batches, createFaultInjector(options.faults ?? {}, seed)), options);
}

/** A timer rather than the event alone: a process with nothing else to do would end. */
async function untilAborted(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) await sleep(DAY_MS, undefined, { signal }).catch(() => undefined);
}
