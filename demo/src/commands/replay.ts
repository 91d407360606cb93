import { Command } from 'commander';
import { publishRecording } from '../fleet/publish-recording.ts';
import { stopSignal, wholePositive } from './options.ts';
import { addPublishingOptions, faultsOf, loginOf, reportProgress, type PublishingFlags } from './publishing.ts';

interface ReplayFlags extends PublishingFlags {
  untouched?: true;
  limit?: number;
}

/** Up to this many invalid lines are printed to stderr; the rest are counted. */
const NAMED_BAD_LINES = 20;

export function replayCommand(): Command {
  return addPublishingOptions(
    new Command('replay')
      .description('publish a recorded fleet (JSONL or JSONL.gz, one event per line), then print the counts as JSON')
      .argument('<file>', 'the recording')
      .option('--untouched', 'keep recorded times and event ids (default: shift times to now and make new event ids)')
      .option('--limit <lines>', 'publish only the first lines', wholePositive)
  ).action(async (file: string, flags: ReplayFlags) => {
    let totalLines: number | undefined;
    let badLines = 0;
    const counts = await publishRecording({
      ...flags,
      login: loginOf(flags),
      file,
      shift: !flags.untouched,
      faults: faultsOf(flags),
      signal: stopSignal(),
      onMeasured: ({ lines }) => (totalLines = lines),
      onProgress: reportProgress(() => totalLines),
      onBadLine: (text) => {
        badLines += 1;
        if (badLines <= NAMED_BAD_LINES) console.error(`${text} (published unchanged: it becomes a dead letter)`);
      },
    });
    if (badLines > NAMED_BAD_LINES) console.error(`... and ${badLines - NAMED_BAD_LINES} more invalid lines`);
    console.log(JSON.stringify(counts));
  });
}
