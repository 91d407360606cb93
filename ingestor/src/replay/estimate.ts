import type { GroupConsumer } from '../kafka/group-consumer.ts';
import { count, durationText } from './progress.ts';
import type { OffsetRange } from './offset-range.ts';

const SAMPLE_MESSAGES = 20_000;
const SAMPLE_MS = 5_000;
/** A group needs time to form: by default a broker waits 3 s for more members. */
const JOIN_MS = 20_000;

/** How much of a sample was read, and how long that took. */
export interface Sample {
  messages: number;
  bytes: number;
  seconds: number;
}

export function messagesOf(ranges: readonly OffsetRange[]): number {
  return ranges.reduce((sum, { from, to }) => sum + (to - from), 0);
}

/** One line per partition, and the total. Offsets without a message (compacted, transaction markers) count as messages. */
export function offsetsText(ranges: readonly OffsetRange[]): string {
  const lines = ranges.map(
    ({ partition, from, to }) => `  partition ${partition}: offsets ${from} to ${to - 1}, ${count(to - from)} messages`
  );
  return [...lines, `  together ${count(messagesOf(ranges))} messages`].join('\n');
}

export function sampleText(ranges: readonly OffsetRange[], { messages, bytes, seconds }: Sample): string {
  if (messages === 0) return '  no sample could be read in time: bytes and time are not known';
  const total = messagesOf(ranges);
  const megabytes = ((bytes / messages) * total) / 1e6;
  const rate = messages / Math.max(seconds, 1e-3);
  return (
    `  about ${megabytes.toFixed(1)} MB and ${durationText(total / rate)} to read them, by a sample of ` +
    `${count(messages)} messages (${Math.round(bytes / messages)} bytes each, ${count(Math.round(rate))} messages/s); ` +
    'judging and inserting come on top'
  );
}

/** Reads the first messages of the ranges and discards them. Stops the consumer at the end. */
export async function readSample(
  consumer: GroupConsumer,
  topic: string,
  ranges: readonly OffsetRange[]
): Promise<Sample> {
  const sample: Sample = { messages: 0, bytes: 0, seconds: 0 };
  const { promise: enough, resolve, reject } = Promise.withResolvers<undefined>();
  enough.catch(() => undefined); // It may fail before it is awaited below. Prevents an unhandled rejection.
  const wanted = Math.min(SAMPLE_MESSAGES, messagesOf(ranges));
  let beganMs = 0;
  let timer = setTimeout(resolve, JOIN_MS, undefined);
  const begin = async (): Promise<void> => {
    for (const { partition, from } of ranges) await consumer.seek({ topic, partition }, from);
    beganMs = performance.now();
    clearTimeout(timer);
    timer = setTimeout(resolve, SAMPLE_MS, undefined);
    for (const { partition } of ranges) consumer.resume({ topic, partition });
  };
  try {
    await consumer.connect();
    await consumer.join({
      onAssigned: () => {
        begin().catch(reject);
      },
      onMessages: (_from, messages) => {
        sample.messages += messages.length;
        sample.bytes += messages.reduce((sum, { key, value }) => sum + (key?.length ?? 0) + (value?.length ?? 0), 0);
        sample.seconds = (performance.now() - beganMs) / 1000;
        if (sample.messages >= wanted) resolve(undefined);
      },
    });
    await enough;
  } finally {
    clearTimeout(timer);
    await consumer.stop();
  }
  return sample;
}
