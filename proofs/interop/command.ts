import { stopSignal } from '@floorwatch/demo/commands/options';
import { Command } from 'commander';

export function interopCommand(): Command {
  return new Command('interop')
    .description('read every supported format, codec and kind of security from a real broker and schema registry')
    .option('--json', 'print only JSON to standard output: one object per row, then a summary')
    .action(async (flags: { json?: boolean }) => {
      const { runInterop } = await import('./run-interop.ts');
      const summary = await runInterop({
        signal: stopSignal(),
        say: (line) => {
          console.error(line);
        },
        onRow: (row) => {
          const { format, codec, security, ok, problem = '' } = row;
          const result = ok ? 'ok' : 'FAILED';
          console.log(
            flags.json ? JSON.stringify(row) : `${result.padEnd(7)}${security} ${format} ${codec} ${problem}`
          );
        },
      });
      console.log(flags.json ? JSON.stringify(summary) : `${summary.rows} rows, ${summary.failed} failed`);
      process.exitCode = summary.ok ? 0 : 1;
    });
}
