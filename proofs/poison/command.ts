import { stopSignal } from '@floorwatch/demo/commands/options';
import { Command } from 'commander';

export function poisonCommand(): Command {
  return new Command('poison')
    .description('send hostile messages and corrupt record batches to an ingestor; the stream must continue after each')
    .option('--json', 'print only JSON to standard output: one object per input, then a summary')
    .option('--only <text>', 'only inputs whose name contains this text')
    .option('--keep', 'keep the log files of every process')
    .action(async (flags: { json?: boolean; only?: string; keep?: boolean }) => {
      const { runPoison } = await import('./run-poison.ts');
      const summary = await runPoison({
        ...{ ...(flags.only !== undefined && { only: flags.only }), keep: flags.keep ?? false },
        signal: stopSignal(),
        say: (line) => {
          console.error(line);
        },
        onRow: ({ ok, ...row }) => {
          const { input, stream_continued: isContinued, dead_letter_reason: reason, rss_mb_peak: rss } = row;
          const result = ok ? 'ok' : isContinued ? 'WRONG' : 'STOPPED';
          console.log(
            flags.json ? JSON.stringify(row) : `${result.padEnd(8)}${reason ?? 'accepted'} ${rss} MB  ${input}`
          );
        },
      });
      console.log(flags.json ? JSON.stringify(summary) : `${summary.inputs} inputs, ${summary.failed} failed`);
      process.exitCode = summary.ok ? 0 : 1;
    });
}
