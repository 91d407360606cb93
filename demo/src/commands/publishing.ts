import { readFileSync } from 'node:fs';
import { DEFAULT_TOPIC } from '@floorwatch/contract';
import { InputError } from '@floorwatch/servers/errors';
import { Option, type Command } from 'commander';
import type { FaultOptions } from '../fleet/faults.ts';
import type { KafkaLogin } from '../fleet/publish.ts';
import type { ProducedCounts } from '../fleet/tally.ts';
import { duration, positive, seed, share } from './options.ts';

/** Flags that `simulate` and `replay` share. */
export interface PublishingFlags extends FaultOptions {
  brokers: string;
  topic: string;
  tlsCa?: string;
  saslUsername?: string;
  saslPasswordFile?: string;
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
    .addOption(
      new Option('--tls-ca <file>', 'encrypts the connection: certificates that sign the ones of the brokers').env(
        'KAFKA_TLS_CA_FILE'
      )
    )
    .addOption(
      new Option('--sasl-username <name>', 'logs in with SCRAM-SHA-512, which needs --tls-ca').env(
        'KAFKA_SASL_USERNAME'
      )
    )
    .addOption(new Option('--sasl-password-file <file>', 'file with the password').env('KAFKA_SASL_PASSWORD_FILE'))
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

/** @throws InputError when the options contradict each other or a file cannot be read */
export function loginOf({ tlsCa, saslUsername, saslPasswordFile }: PublishingFlags): KafkaLogin | undefined {
  if ((saslUsername === undefined) !== (saslPasswordFile === undefined)) {
    throw new InputError('--sasl-username and --sasl-password-file need each other. Set both, or none.');
  }
  if (tlsCa === undefined) {
    if (saslUsername === undefined) return undefined;
    throw new InputError('A login without encryption shows the password to the network. Set --tls-ca.');
  }
  const ssl = { ca: [readText(tlsCa)] };
  if (saslUsername === undefined || saslPasswordFile === undefined) return { ssl };
  const password = readText(saslPasswordFile).trimEnd();
  return { ssl, sasl: { mechanism: 'scram-sha-512', username: saslUsername, password } };
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new InputError(`${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
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
