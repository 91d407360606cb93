import { DEFAULT_TOPIC } from '@floorwatch/contract';
import { Option, type Command } from 'commander';
import type { FaultOptions } from '../fleet/faults.ts';
import type { ProducedCounts } from '../fleet/tally.ts';
import { duration, positive, seed, share } from './options.ts';

/** Flags that `simulate` and `replay` share. */
export interface PublishingFlags extends FaultOptions {
  brokers: string;
  topic: string;
  speed: number;
  seed: number;
  silentAfter: number;
}

export function addPublishingOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--brokers <list>', 'host:port, comma-separated').env('KAFKA_BROKERS').default('127.0.0.1:9092')
    )
    .addOption(new Option('--topic <name>', 'topic to publish to').env('KAFKA_TOPIC').default(DEFAULT_TOPIC))
    .option(
      '--speed <factor>',
      '1: real time; 10: ten times as fast; Infinity: as fast as Kafka accepts messages',
      positive,
      1
    )
    .option('--seed <number>', 'seed of all random choices: the same seed makes the same choices', seed, 1)
    .option('--duplicates <share>', 'share of messages sent twice', share, 0)
    .option('--late <share>', 'share of messages that arrive 5 to 90 s late', share, 0)
    .option('--malformed <share>', 'malformed messages to add, as a share of the valid ones', share, 0)
    .option('--silent <share>', 'share of robots that stop reporting', share, 0)
    .option('--silent-after <duration>', 'when these robots stop reporting', duration, 60);
}

export function faultsOf(flags: PublishingFlags): FaultOptions {
  const { duplicates, late, malformed, silent, silentAfter } = flags;
  return { duplicates, late, malformed, silent, silentAfterSeconds: silentAfter } as FaultOptions;
}

const PROGRESS_MS = 5_000;

/** Prints the progress to stderr every few seconds. */
export function reportProgress(totalMessages?: () => number | undefined): (counts: ProducedCounts) => void {
  let lastMs = performance.now();
  return ({ messages, robots, malformed }) => {
    if (performance.now() - lastMs < PROGRESS_MS) return;
    lastMs = performance.now();
    const total = totalMessages?.();
    const of = total === undefined ? '' : ` of ${total}`;
    console.error(`${messages}${of} messages published, ${robots} robots, ${malformed} malformed`);
  };
}
