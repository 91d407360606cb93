import { setTimeout as sleep } from 'node:timers/promises';
import { createFaultInjector, withFaults, type FaultOptions } from './faults.ts';
import { simulate } from './fleet.ts';
import type { Floor } from './floor.ts';
import { loadDemoFloors } from './plans.ts';
import { publish, type PublishOptions } from './publish.ts';
import { createTally, type ProducedCounts } from './tally.ts';

const DAY_MS = 86_400_000;

export interface SimulateOptions extends PublishOptions {
  /** 0: publish nothing until the signal. */
  robots: number;
  /** Position updates per second of each driving robot. */
  rateHz?: number | undefined;
  seed?: number | undefined;
  /** Simulated time. Default: Infinity, which means until the signal. */
  durationSeconds?: number | undefined;
  /** Default: the demo warehouse. */
  floors?: readonly Floor[] | undefined;
  siteId?: string | undefined;
  faults?: FaultOptions | undefined;
  /** Event time of the first step, milliseconds since the epoch. Default: now. */
  startMs?: number | undefined;
}

/** Publishes a simulated fleet and returns the counts of what Kafka acknowledged. */
export async function simulateFleet(options: SimulateOptions): Promise<ProducedCounts> {
  const { seed = 1, durationSeconds = Infinity, speed = 1, signal } = options;
  if (options.robots === 0) {
    // A container without robots waits. If it exited, Docker would restart it again and again.
    if (durationSeconds === Infinity && signal) await untilAborted(signal);
    return createTally().counts();
  }
  // Event times must not be in the future, so a run that is faster than real time starts in the past.
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

/** Uses a timer, because a process that only waits for an event would exit. */
async function untilAborted(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) await sleep(DAY_MS, undefined, { signal }).catch(() => undefined);
}
