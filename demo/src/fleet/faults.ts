import { createHash } from 'node:crypto';
import type { TelemetryMessage } from '@floorwatch/contract';
import { MALFORMATIONS } from './malformed.ts';
import type { FleetMessage } from './message.ts';
import { createRandom } from './random.ts';

/** What goes wrong on the way to Kafka. Every share is 0 to 1 and 0 when absent. */
export interface FaultOptions {
  /** Share of messages that are sent twice, the second time within two seconds. */
  duplicates?: number;
  /** Share of messages that arrive late, by 5 to 90 seconds. */
  late?: number;
  /** Bad messages sent besides the good ones, as a share of these. */
  malformed?: number;
  /** Share of robots that fall silent for good. */
  silent?: number;
  /** When they do: seconds after the start of the stream. */
  silentAfterSeconds?: number;
}

const SILENT_AFTER_SECONDS = 60;

/** Applies faults to a stream, batch by batch. The same seed spoils the same messages. */
export interface FaultInjector {
  inject(batch: readonly FleetMessage[]): FleetMessage[];
  /** What was held back, at the end of the stream: a late message is late, never lost. */
  drain(): FleetMessage[];
}

export function createFaultInjector(options: FaultOptions, seed: number): FaultInjector {
  const { duplicates = 0, late = 0, malformed = 0, silent = 0 } = options;
  const silentAfterMs = (options.silentAfterSeconds ?? SILENT_AFTER_SECONDS) * 1000;
  const random = createRandom(seed);
  const silentRobots = createLottery(silent, seed);
  let held: FleetMessage[] = [];
  let spoiled = 0;

  const delayed = (message: FleetMessage, seconds: number): FleetMessage => ({
    ...message,
    offsetMs: message.offsetMs + Math.round(seconds * 1000),
  });

  function spoil(message: FleetMessage): FleetMessage[] {
    const { key, offsetMs } = message;
    if (key !== null && offsetMs >= silentAfterMs && silentRobots(key)) return [];
    const sent: FleetMessage[] = [];
    if (random.chance(late)) held.push(delayed(message, random.between(5, 90)));
    else sent.push(message);
    if (random.chance(duplicates)) held.push(delayed(message, random.between(0.1, 2)));
    if (message.events.length === 1 && random.chance(malformed)) {
      // In turn rather than by chance, so that even a short run holds every kind.
      const malformation = MALFORMATIONS[spoiled++ % MALFORMATIONS.length];
      const value = malformation?.spoil(JSON.parse(String(message.value)) as TelemetryMessage) ?? null;
      sent.push({ ...message, value, events: [], malformed: 1 });
    }
    return sent;
  }

  return {
    inject(batch) {
      const sent = batch.flatMap(spoil);
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

/** Draws robots by their id, so that a robot is in or out for the whole stream and in every stream of that seed. */
function createLottery(share: number, seed: number): (robotId: string) => boolean {
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

/** A stream with its faults, up to the last message that was held back. */
export async function* withFaults(
  batches: Iterable<FleetMessage[]> | AsyncIterable<FleetMessage[]>,
  faults: FaultInjector
): AsyncGenerator<FleetMessage[], void> {
  for await (const batch of batches) yield faults.inject(batch);
  yield faults.drain();
}
