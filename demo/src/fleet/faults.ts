import { createHash } from 'node:crypto';
import type { TelemetryMessage } from '@floorwatch/contract';
import { MALFORMATIONS } from './malformed.ts';
import type { FleetMessage } from './message.ts';
import { createRandom } from './random.ts';

/** Faults to inject into a stream of messages. Shares are 0 to 1; default: 0. */
export interface FaultOptions {
  /** Share of messages that are sent again within two seconds. */
  duplicates?: number;
  /** Share of messages that arrive 5 to 90 seconds late. */
  late?: number;
  /** Malformed messages to add, as a share of the valid ones. */
  malformed?: number;
  /** Share of robots that stop reporting. */
  silent?: number;
  /** When these robots stop: seconds after the start of the stream. */
  silentAfterSeconds?: number;
}

const SILENT_AFTER_SECONDS = 60;

/** Applies faults to a stream, batch by batch. The same seed selects the same messages. */
export interface FaultInjector {
  inject(batch: readonly FleetMessage[]): FleetMessage[];
  /** The messages that are still delayed at the end of the stream, so that none is lost. */
  drain(): FleetMessage[];
}

export function createFaultInjector(options: FaultOptions, seed: number): FaultInjector {
  const { duplicates = 0, late = 0, malformed = 0, silent = 0 } = options;
  const silentAfterMs = (options.silentAfterSeconds ?? SILENT_AFTER_SECONDS) * 1000;
  const random = createRandom(seed);
  const silentRobots = createRobotSelection(silent, seed);
  let held: FleetMessage[] = [];
  let corrupted = 0;

  const delayed = (message: FleetMessage, seconds: number): FleetMessage => ({
    ...message,
    offsetMs: message.offsetMs + Math.round(seconds * 1000),
  });

  function applyFaults(message: FleetMessage): FleetMessage[] {
    const { key, offsetMs } = message;
    if (key !== null && offsetMs >= silentAfterMs && silentRobots(key)) return [];
    const sent: FleetMessage[] = [];
    if (random.chance(late)) held.push(delayed(message, random.between(5, 90)));
    else sent.push(message);
    if (random.chance(duplicates)) held.push(delayed(message, random.between(0.1, 2)));
    if (message.events.length === 1 && random.chance(malformed)) {
      // Kinds take turns, so that a short run contains every kind.
      const malformation = MALFORMATIONS[corrupted++ % MALFORMATIONS.length];
      const value = malformation?.corrupt(JSON.parse(String(message.value)) as TelemetryMessage) ?? null;
      sent.push({ ...message, value, events: [], malformed: 1 });
    }
    return sent;
  }

  return {
    inject(batch) {
      const sent = batch.flatMap(applyFaults);
      const nowMs = batch.at(-1)?.offsetMs ?? -Infinity;
      const due = held.filter((message) => message.offsetMs <= nowMs);
      if (due.length === 0) return sent;
      held = held.filter((message) => message.offsetMs > nowMs);
      return [...due, ...sent].sort((a, b) => a.offsetMs - b.offsetMs);
    },
    drain() {
      const rest = held.sort((a, b) => a.offsetMs - b.offsetMs);
      held = [];
      return rest;
    },
  };
}

/** Selects robots by a hash of id and seed, so that a robot is selected for the whole stream and in every stream of that seed. */
function createRobotSelection(share: number, seed: number): (robotId: string) => boolean {
  const drawn = new Map<string, boolean>();
  return (robotId) => {
    let isDrawn = drawn.get(robotId);
    if (isDrawn === undefined) {
      isDrawn = createHash('sha256').update(`${seed}/${robotId}`).digest().readUInt32BE() < share * 2 ** 32;
      drawn.set(robotId, isDrawn);
    }
    return isDrawn;
  };
}

/** The stream with faults applied, including messages that are delayed past its end. */
export async function* withFaults(
  batches: Iterable<FleetMessage[]> | AsyncIterable<FleetMessage[]>,
  faults: FaultInjector
): AsyncGenerator<FleetMessage[], void> {
  for await (const batch of batches) yield faults.inject(batch);
  yield faults.drain();
}
