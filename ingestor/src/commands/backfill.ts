import { Command } from 'commander';
import { backfill } from '../backfill/backfill.ts';
import { fileSource } from '../backfill/file-source.ts';
import { parseMonth } from '../backfill/month.ts';
import { openTopic, type OpenTopic } from '../backfill/topic-source.ts';
import { createClickHouse } from '../clickhouse/client.ts';
import { parseConfig, type Config } from '../config/config.ts';
import { CommandError } from '../errors/errors.ts';
import { topicFormats } from '../service/topic-formats.ts';
import { commandLog, say } from './terminal.ts';

interface BackfillFlags {
  month: string;
  file?: string[];
  topic?: string;
  dryRun?: boolean;
  skipRejected?: boolean;
  restart?: boolean;
}

/** A step computes hours of roll-ups again: longer than any insert of the pipeline may take. */
const STEP_TIMEOUT_MS = 600_000;

export function backfillCommand(): Command {
  return new Command('backfill')
    .description(
      "add a month's events from files or a topic, checked and all at once (as floorwatch_owner); again: goes on"
    )
    .requiredOption('--month <YYYY-MM>', 'events of other months are left out')
    .option('--file <files...>', 'events, one JSON text of the contract a line; .gz and .zst are unpacked')
    .option('--topic <topic>', 'a topic, in its format of TOPIC_FORMATS, up to where it ends now')
    .option('--dry-run', 'judge and count, change nothing')
    .option('--skip-rejected', 'go on although events were rejected')
    .option('--restart', 'forget what an interrupted backfill of this month has loaded')
    .action(async ({ month, dryRun, skipRejected, restart, ...from }: BackfillFlags) => {
      const options = {
        month: parseMonth(month, Date.now()),
        isDryRun: dryRun ?? false,
        skipRejected: skipRejected ?? false,
        restart: restart ?? false,
        timeoutMs: STEP_TIMEOUT_MS,
        say,
      };
      const config = parseConfig();
      const opened = await openSources(config, from);
      const client = createClickHouse({ ...config.clickhouse, requestTimeoutMs: STEP_TIMEOUT_MS });
      try {
        process.stdout.write(`${JSON.stringify(await backfill(client, { ...options, sources: opened.sources }))}\n`);
      } finally {
        await client.close();
        await opened.close();
      }
    });
}

/** @throws CommandError naming the file or the flag */
async function openSources(config: Config, { file, topic }: Pick<BackfillFlags, 'file' | 'topic'>): Promise<OpenTopic> {
  if ((file === undefined) === (topic === undefined))
    throw new CommandError('backfill', 'Name either --file or --topic.');
  const formatOf = topicFormats(config.formats);
  if (topic === undefined) {
    // No topic has an empty name: JSON of the contract, masked where masking is set.
    const sources = await Promise.all((file ?? []).map((path) => fileSource(path, formatOf(''))));
    return { sources, close: () => Promise.resolve() };
  }
  return openTopic(config.kafka, topic, { format: formatOf(topic), log: commandLog(config), say });
}
