import { stopSignal } from '@floorwatch/demo/commands/options';
import { Command } from 'commander';

export function interopCommand(): Command {
  return new Command('interop')
    .description('read every format, codec and kind of security that is promised from a real broker and registry')
    .option('--json', 'print one JSON object a row and one summary, and nothing else, to standard output')
    .action(async (flags: { json?: boolean }) => {
      const { runInterop } = await import('./run-interop.ts');
      const summary = await runInterop({
        signal: stopSignal(),
        say: (line) => {
          console.error(line);
        },
        onRow: (row) => {
          const { format, codec, security, ok, problem = '' } = row;
          const verdict = ok ? 'ok' : 'FAILED';
          console.log(
            flags.json ? JSON.stringify(row) : `${verdict.padEnd(7)}${security} ${format} ${codec} ${problem}`
          );
        },
      });
      console.log(flags.json ? JSON.stringify(summary) : `${summary.rows} rows, ${summary.failed} failed`);
      process.exitCode = summary.ok ? 0 : 1;
    });
}
