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
  2026-11-24T08:00:00Z  a time, UTC where it names no zone: the first message that is not older, in every partition
  90m, 24h, 7d          that long ago
  1200                  an offset, in every partition
  0:1200,2:900          offsets by partition; the other partitions are not read
  earliest, latest      what the log still has
  --from is read, --to is the first offset that is not. With --file both are line numbers, the first line being 1.

Twice is the same as once: what is stored already, by whichever path, is left as it is, inside and outside of ClickHouse's
deduplication window. --overwrite stores everything again (an event stays one row by its identity), for when formats, masking
or enrichment have changed. Replayed rows have the source "replay". The live group's offsets are never touched.

replay or backfill
  replay    a gap, or events of a topic or a file that were judged by other rules: row by row, while the live path runs on
  backfill  a whole month from files or a topic, of which nothing is to be seen until all of it has been checked (floorwatch_owner)

Exit code: 0 done, 1 failed, 130 or 143 stopped by a signal; the command that goes on is then printed.`;

export function replayCommand(): Command {
  return new Command('replay')
    .description('read a part of a topic, or files of events, into ClickHouse again')
    .option('--from <time|offset>', 'where to begin')
    .option('--to <time|offset>', 'where to end (default: the end of the topic as it is now)')
    .option(
      '--topic <topic>',
      'which topic (default: that of KAFKA_TOPIC); with --file: lines are read as its messages'
    )
    .option('--file <files...>', 'events, one a line; .gz and .zst are unpacked')
    .option('--dry-run', 'estimate a topic, judge a file; change nothing')
    .option('--overwrite', 'store also what is stored already')
    .addHelpText('after', HELP)
    .action(async (flags: ReplayFlags) => {
      const config = parseConfig();
      const { signal, exitCode } = stopSignal();
      const report = await replay(config, flags, signal);
      process.stdout.write(`${JSON.stringify(report)}\n`);
      if (report.go_on === undefined) return;
      process.exitCode = exitCode();
      say(`Stopped. To go on: ${report.go_on}`);
    });
}

function replay(config: Config, flags: ReplayFlags, signal: AbortSignal): Promise<{ go_on?: string }> {
  const { from, to, topic, file } = flags;
  const log = commandLog(config);
  const options = { isDryRun: flags.dryRun ?? false, overwrite: flags.overwrite ?? false, signal, say, log };
  if (file) return replayFiles(config, { ...options, files: file, from, to, topic });
  if (from === undefined) throw new CommandError('replay', 'Give --from, where to begin in the topic, or --file');
  return replayTopic(config, { ...options, topic, from, to: to ?? 'latest' });
}

/** The first SIGINT or SIGTERM stops with everything durable, the second at once. */
function stopSignal(): { signal: AbortSignal; exitCode: () => number } {
  const controller = new AbortController();
  let exitCode = 0;
  const onSignal = (name: NodeJS.Signals): void => {
    if (exitCode !== 0) process.exit(exitCode);
    exitCode = name === 'SIGINT' ? 130 : 143;
    say('\nFinishing what has been read; once more stops at once.');
    controller.abort();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  return { signal: controller.signal, exitCode: () => exitCode };
}
