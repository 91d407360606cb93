import { wholePositive } from '@floorwatch/demo/commands/options';
import { Command } from 'commander';
import { runSqlBench } from './run-sql.ts';

interface BenchSqlFlags {
  json?: true;
  events: number;
  robots: number;
  historyDays: number;
  deadLetters: number;
  largeFleet: number;
  recording?: string;
}

export function benchSqlCommand(): Command {
  return new Command('bench-sql')
    .description('measure path A, the bytes per event and the 95th percentile of every view on real servers')
    .option('--json', 'print one JSON object per measure')
    .option('--events <number>', 'stored events for the measurement of views', wholePositive, 100_000_000)
    .option('--robots <number>', 'robots that sent these events', wholePositive, 5_000)
    .option('--history-days <number>', 'days of stored minutes and hours', wholePositive, 30)
    .option('--dead-letters <number>', 'stored dead letters', wholePositive, 1_000_000)
    .option('--large-fleet <number>', 'robots for a second measurement of the views of now', wholePositive, 100_000)
    .option('--recording <file>', 'recorded fleet (JSONL.gz) for the bytes per event (default: a generated fleet)')
    .action(async ({ json, ...flags }: BenchSqlFlags) => {
      const ok = await runSqlBench({
        ...flags,
        say: (line) => {
          console.error(line);
        },
        onMeasure: ({ measure, value, required, ok: holds, ...details }) => {
          if (json) console.log(JSON.stringify({ measure, ...details, value, required, ok: holds }));
          else console.log(holds ? 'ok  ' : 'MISS', measure, details['name'] ?? '', value.toFixed(2), `(${required})`);
        },
      });
      process.exitCode = ok ? 0 : 1;
    });
}
