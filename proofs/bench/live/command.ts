import { duration, wholePositive } from '@floorwatch/demo/commands/options';
import { Command } from 'commander';
import { runLiveBench, type LiveBenchOptions } from './run-live-bench.ts';

export function benchLiveCommand(): Command {
  return new Command('bench-live')
    .description('measure the time from a message in Kafka until the floor map shows it, with and without live updates')
    .option('--json', 'print one JSON object per way')
    .option('--robots <number>', 'robots that report once per second', wholePositive, 1_000)
    .option('--viewers <number>', 'one page in a browser; the others repeat its requests', wholePositive, 10)
    .option('--seconds <duration>', 'how long each way is measured', duration, 60)
    .action(async ({ json, ...options }: Omit<LiveBenchOptions, 'say' | 'onRow'> & { json?: true }) => {
      const ok = await runLiveBench({
        ...options,
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
