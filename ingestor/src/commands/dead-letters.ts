import { readFileSync } from 'node:fs';
import type { ClickHouseClient } from '@clickhouse/client';
import { Command } from 'commander';
import { createClickHouse } from '../clickhouse/client.ts';
import { parseConfig } from '../config/config.ts';
import { parseTimeMs, type DeadLetterFilter } from '../dead-letters/dead-letter-filter.ts';
import {
  formatDeadLetterKey,
  parseDeadLetterKey,
  type DeadLetterId,
  type DeadLetterKey,
} from '../dead-letters/dead-letter-key.ts';
import { countByReason, latestSamples } from '../dead-letters/list.ts';
import { requeue, type RepairOutcome, type RequeueOptions } from '../dead-letters/requeue.ts';
import { findDeadLetter, nextDeadLetters, type StoredDeadLetter } from '../dead-letters/stored-dead-letters.ts';
import { CommandError } from '../errors/errors.ts';
import { topicFormats } from '../service/topic-formats.ts';
import { printable, wholeNumber } from './terminal.ts';

const DEAD_LETTERS_AT_ONCE = 200;

interface FilterFlags {
  reason?: string;
  topic?: string;
  since?: string;
  until?: string;
}

export function deadLettersCommand(): Command {
  return new Command('dead-letters')
    .description('list, show and requeue dead letters (as floorwatch_owner)')
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(requeueCommand());
}

function listCommand(): Command {
  return withFilters(new Command('list').description('count dead letters by reason, and show the latest'))
    .option('--limit <n>', 'how many of the latest to show', wholeNumber(100_000), 10)
    .option('--repaired', 'include repaired dead letters')
    .option('--json', 'print one JSON object')
    .action(async (flags: FilterFlags & { limit: number; repaired?: boolean; json?: boolean }) => {
      const filter = filterOf(flags);
      const options = { limit: flags.limit, repairedToo: flags.repaired ?? false };
      await withClickHouse(async (client) => {
        const reasons = await countByReason(client, filter);
        const latest = await latestSamples(client, filter, { ...options, chars: flags.json ? 4_096 : 100 });
        if (flags.json) {
          say(JSON.stringify({ reasons, latest }));
          return;
        }
        for (const { reason, open, repaired, first, last } of reasons) {
          say(`${reason}: ${open} open, ${repaired} repaired, received from ${first} to ${last}`);
        }
        for (const { reason, received_at, repaired_at, raw_bytes, sample, ...key } of latest) {
          const state = repaired_at === null ? '' : `, repaired ${repaired_at}`;
          say(`\n${formatDeadLetterKey(key)}  ${reason}, ${received_at}, ${raw_bytes} bytes${state}`);
          say(`  ${JSON.stringify(sample).slice(1, -1)}`);
        }
      });
    });
}

function showCommand(): Command {
  return new Command('show')
    .description('write the bytes of a dead letter to standard output, and its reason to standard error')
    .argument('<dead-letter>', 'TOPIC/PARTITION/OFFSET/PART')
    .action(async (text: string) => {
      await withClickHouse(async (client) => {
        const letter = await existing(client, parseDeadLetterKey(text));
        process.stderr.write(`${text}: ${letter.reason}, received ${letter.receivedAt}\n${letter.detail}\n`);
        process.stdout.write(letter.raw);
      });
    });
}

function requeueCommand(): Command {
  return withFilters(
    new Command('requeue').description(
      'store the event of one dead letter, or of all that match the filters, exactly once'
    )
  )
    .argument('[dead-letter]', 'TOPIC/PARTITION/OFFSET/PART; if absent, give a filter')
    .option('--payload <file>', 'store these corrected bytes (JSON of the contract) instead of the original ones')
    .action(async (text: string | undefined, flags: FilterFlags & { payload?: string }) => {
      const filter = filterOf(flags);
      const hasFilter = Object.values(filter).some((part) => part !== undefined);
      if ((text === undefined) !== hasFilter) {
        throw new CommandError(
          'dead_letters',
          'Give one dead letter, or select several with --reason, --topic, --since or --until.'
        );
      }
      if (text === undefined && flags.payload !== undefined) {
        throw new CommandError(
          'dead_letters',
          '--payload corrects one dead letter: give its TOPIC/PARTITION/OFFSET/PART.'
        );
      }
      await withClickHouse(async (client, options) => {
        if (text === undefined) await requeueAll(client, filter, options);
        else await requeueOne(client, parseDeadLetterKey(text), flags.payload, options);
      });
    });
}

async function requeueOne(
  client: ClickHouseClient,
  key: DeadLetterKey,
  payloadFile: string | undefined,
  options: RequeueOptions
): Promise<void> {
  const letter = await existing(client, key);
  const payload = payloadFile === undefined ? letter.raw : readPayload(payloadFile);
  const [outcome] = await requeue(client, [{ key: letter, payload }], options);
  if (outcome?.result !== 'stored')
    throw new CommandError('dead_letters', outcome ? sentence(outcome) : 'nothing was changed');
  say(sentence(outcome));
}

async function requeueAll(client: ClickHouseClient, filter: DeadLetterFilter, options: RequeueOptions): Promise<void> {
  const counts = { stored: 0, already_stored: 0, still_invalid: 0 };
  let after: DeadLetterId | null = null;
  for (;;) {
    const letters: StoredDeadLetter[] = await nextDeadLetters(client, filter, after, DEAD_LETTERS_AT_ONCE);
    const outcomes = await requeue(
      client,
      letters.map((letter) => ({ key: letter, payload: letter.raw })),
      options
    );
    for (const outcome of outcomes) {
      counts[outcome.result]++;
      if (outcome.result === 'still_invalid') say(sentence(outcome));
    }
    after = letters.at(-1) ?? null;
    if (letters.length < DEAD_LETTERS_AT_ONCE) break;
  }
  say(`${counts.stored} requeued, ${counts.already_stored} already stored, ${counts.still_invalid} still invalid`);
}

function sentence(outcome: RepairOutcome): string {
  const name = formatDeadLetterKey(outcome.key);
  switch (outcome.result) {
    case 'stored': {
      const note = outcome.isOwnPayload ? '' : ', with the payload of an earlier, unfinished attempt';
      return `${name}: stored as ${outcome.events === 1 ? 'one event' : `${outcome.events} events`}${note}`;
    }
    case 'already_stored':
      return `${name}: already stored at ${outcome.at}; it is not stored again`;
    case 'still_invalid':
      return `${name}: still invalid, ${outcome.reason}: ${outcome.detail}`;
  }
}

function readPayload(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new CommandError(
      'dead_letters',
      `${file} cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unreadable'}`
    );
  }
}

async function existing(client: ClickHouseClient, key: DeadLetterKey): Promise<StoredDeadLetter> {
  const letter = await findDeadLetter(client, key);
  if (!letter) throw new CommandError('dead_letters', `There is no dead letter ${formatDeadLetterKey(key)}.`);
  return letter;
}

function withFilters(command: Command): Command {
  return command
    .option('--reason <reason>', 'with this reason')
    .option('--topic <topic>', 'from this topic')
    .option('--since <time>', 'received at or after: ISO 8601, or an age such as 90m, 24h, 7d')
    .option('--until <time>', 'received before');
}

function filterOf({ reason, topic, since, until }: FilterFlags): DeadLetterFilter {
  const nowMs = Date.now();
  const timeMs = (text: string | undefined): number | undefined =>
    text === undefined ? undefined : parseTimeMs(text, nowMs);
  return { reason, topic, sinceMs: timeMs(since), untilMs: timeMs(until) };
}

async function withClickHouse(
  action: (client: ClickHouseClient, options: RequeueOptions) => Promise<void>
): Promise<void> {
  const { clickhouse, formats } = parseConfig();
  const formatOf = topicFormats(formats);
  const client = createClickHouse(clickhouse);
  try {
    await action(client, { formatOf, timeoutMs: clickhouse.requestTimeoutMs });
  } finally {
    await client.close();
  }
}

function say(line: string): void {
  process.stdout.write(`${printable(line)}\n`);
}
