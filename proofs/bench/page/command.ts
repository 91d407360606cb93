import { wholePositive } from '@floorwatch/demo/commands/options';
import { Command } from 'commander';
import { runPageBench, type PageBenchSizes } from './run-page-bench.ts';

export function benchPageCommand(): Command {
  return new Command('bench-page')
    .description('open each page of the app in a cold browser, in a real Grafana, over a large warehouse')
    .option('--json', 'print one JSON object per page')
    .option('--robots <number>', 'robots that report', wholePositive, 10_000)
    .option('--events <number>', 'stored events', wholePositive, 100_000_000)
    .option('--history-days <number>', 'days of stored minutes and hours', wholePositive, 7)
    .option('--dead-letters <number>', 'stored dead letters', wholePositive, 100_000)
    .option('--only <pages>', 'pages to open, separated by commas (default: all)')
    .action(async ({ json, only, ...sizes }: PageBenchSizes & { json?: true; only?: string }) => {
      const ok = await runPageBench(sizes, {
        only: only?.split(','),
        say: (line) => {
          console.error(line);
        },
        onRow: (row) => {
          if (json) console.log(JSON.stringify(row));
          else console.log(row.ok ? 'ok  ' : 'MISS', row);
        },
      });
      process.exitCode = ok ? 0 : 1;
    });
}
