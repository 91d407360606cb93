import { Command } from 'commander';
import { replayFile } from '../fleet/replay.ts';
import { wholePositive } from './options.ts';
import { addPublishingOptions, faultsOf, reportProgress, type PublishingFlags } from './publishing.ts';
import { stopSignal } from './stop-signal.ts';

interface ReplayFlags extends PublishingFlags {
  untouched?: true;
  limit?: number;
}

/** Bad lines named on stderr, one by one up to this many; the rest are only counted. */
const NAMED_BAD_LINES = 20;

export function replayCommand(): Command {
  return addPublishingOptions(
    new Command('replay')
      .description('publish a recorded fleet, JSONL or JSONL.gz, one event a line; prints what was sent as JSON')
      .argument('<file>', 'the recording')
      .option('--untouched', 'keep times and event ids as recorded (else: times shifted to now, event ids renewed)')
      .option('--limit <lines>', 'publish only this many lines', wholePositive)
  ).action(async (file: string, flags: ReplayFlags) => {
    let totalLines: number | undefined;
    let badLines = 0;
    const counts = await replayFile({
      ...flags,
      file,
      shift: !flags.untouched,
      faults: faultsOf(flags),
      signal: stopSignal(),
      onMeasured: ({ lines }) => (totalLines = lines),
      onProgress: reportProgress(() => totalLines),
      onBadLine: (text) => {
        badLines += 1;
        if (badLines <= NAMED_BAD_LINES) console.error(`${text} (published as it is, for the dead letters)`);
      },
    });
    if (badLines > NAMED_BAD_LINES) console.error(`... and ${badLines - NAMED_BAD_LINES} more bad lines`);
    console.log(JSON.stringify(counts));
  });
}
