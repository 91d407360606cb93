import { Command } from 'commander';
import { parseConfig, type Config } from '../config/config.ts';
import { CommandError } from '../errors/errors.ts';
import { replayFiles } from '../replay/replay-files.ts';
import { replayTopic } from '../replay/replay-topic.ts';
import { commandLog, say } from './terminal.ts';

interface ReplayFlags {
  from?: string;
  to?: string;
  topic?: string;
  file?: string[];
  dryRun?: boolean;
  overwrite?: boolean;
}

const HELP = `
--from and --to (of a topic)
  2026-11-24T08:00:00Z  a time (UTC if it has no zone): the first message at or after it, in every partition
  90m, 24h, 7d          an age: the time that long ago
  1200                  an offset, in every partition
  0:1200,2:900          offsets by partition; the other partitions are not read
  earliest, latest      the start or end of the log
  --from is included, --to is excluded. With --file both are line numbers, starting at 1.

A second replay changes nothing: events that any path has already stored are skipped, inside and outside of ClickHouse's
deduplication window. --overwrite stores all events again, for example after a change of formats, masking or enrichment. An event
remains one row, because its identity is the same. Replayed rows have the source "replay". The live group's offsets do not change.

replay or backfill
  replay    for a gap, or after the rules changed: adds events of a topic or a file one by one, while the live path runs
  backfill  for a whole month from files or a topic: shows no event until all are checked (floorwatch_owner)

Exit code: 0 done, 1 failed, 130 or 143 stopped by a signal; it then prints the command to continue.`;

export function replayCommand(): Command {
  return new Command('replay')
    .description('read a range of a topic, or files of events, into ClickHouse again')
    .option('--from <time|offset>', 'the start')
    .option('--to <time|offset>', 'the end (default: the current end of the topic)')
    .option('--topic <topic>', 'the topic (default: KAFKA_TOPIC); with --file: read the lines as its messages')
    .option('--file <files...>', 'events, one per line; .gz and .zst are decompressed')
    .option('--dry-run', 'estimate a topic, or validate a file; change nothing')
    .option('--overwrite', 'store events that are already stored, too')
    .addHelpText('after', HELP)
    .action(async (flags: ReplayFlags) => {
      const config = parseConfig();
      const { signal, exitCode } = stopSignal();
      const report = await replay(config, flags, signal);
      process.stdout.write(`${JSON.stringify(report)}\n`);
      if (report.go_on === undefined) return;
      process.exitCode = exitCode();
      say(`Stopped. To continue: ${report.go_on}`);
    });
}

function replay(config: Config, flags: ReplayFlags, signal: AbortSignal): Promise<{ go_on?: string }> {
  const { from, to, topic, file } = flags;
  const log = commandLog(config);
  const options = { isDryRun: flags.dryRun ?? false, overwrite: flags.overwrite ?? false, signal, say, log };
  if (file) return replayFiles(config, { ...options, files: file, from, to, topic });
  if (from === undefined) throw new CommandError('replay', 'Give --from, the start in the topic, or --file');
  return replayTopic(config, { ...options, topic, from, to: to ?? 'latest' });
}

/** The first SIGINT or SIGTERM makes everything durable and stops; the second stops immediately. */
function stopSignal(): { signal: AbortSignal; exitCode: () => number } {
  const controller = new AbortController();
  let exitCode = 0;
  const onSignal = (name: NodeJS.Signals): void => {
    if (exitCode !== 0) process.exit(exitCode);
    exitCode = name === 'SIGINT' ? 130 : 143;
    say('\nStoring what was read. Press Ctrl-C again to stop immediately.');
    controller.abort();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  return { signal: controller.signal, exitCode: () => exitCode };
}
