import type { FaultInjector } from './faults.ts';
import type { FleetMessage } from './message.ts';

/** A stream with its faults, up to the last message that was held back. */
export async function* withFaults(
  batches: Iterable<FleetMessage[]> | AsyncIterable<FleetMessage[]>,
  faults: FaultInjector
): AsyncGenerator<FleetMessage[], void> {
  for await (const batch of batches) yield faults.inject(batch);
  yield faults.drain();
}
