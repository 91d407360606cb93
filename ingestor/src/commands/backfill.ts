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

/** A step runs the views on some hours of events, which takes longer than an insert of the pipeline. */
const STEP_TIMEOUT_MS = 600_000;

export function backfillCommand(): Command {
  return new Command('backfill')
    .description(
      "add a month's events from files or a topic, all at once after a check (as floorwatch_owner); run it again to resume"
    )
    .requiredOption('--month <YYYY-MM>', 'the month to load; events of other months are skipped')
    .option('--file <files...>', 'events, one JSON object of the contract per line; .gz and .zst are decompressed')
    .option('--topic <topic>', 'a topic in its format of TOPIC_FORMATS, up to its current end')
    .option('--dry-run', 'validate and count; change nothing')
    .option('--skip-rejected', 'continue if events are invalid')
    .option('--restart', 'discard what an interrupted backfill of this month has loaded')
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
    throw new CommandError('backfill', 'Give either --file or --topic.');
  const formatOf = topicFormats(config.formats);
  if (topic === undefined) {
    // No topic has an empty name, so the format is JSON of the contract, masked if masking is set.
    const sources = await Promise.all((file ?? []).map((path) => fileSource(path, formatOf(''))));
    return { sources, close: () => Promise.resolve() };
  }
  return openTopic(config.kafka, topic, { format: formatOf(topic), log: commandLog(config), say });
}
