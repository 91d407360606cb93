import { seed, wholePositive } from '@floorwatch/demo/commands/options';
import { Command } from 'commander';
import { runExact } from './run-exact.ts';

interface ExactFlags {
  json?: true;
  events: number;
  robots: number;
  seed: number;
}

export function exactCommand(): Command {
  return new Command('exact')
    .description(
      'send duplicates, late and malformed events through both paths, twice, and check counts, roll-ups and task runs'
    )
    .option('--json', 'print one JSON object')
    .option('--events <number>', 'distinct events to send', wholePositive, 2_000_000)
    .option('--robots <number>', 'robots that send them', wholePositive, 5_000)
    .option('--seed <number>', 'seed of all random choices', seed, 1)
    .action(async ({ json, ...flags }: ExactFlags) => {
      const say = (line: string): void => {
        console.error(line);
      };
      const report = await runExact({ ...flags, say });
      if (json) console.log(JSON.stringify(report));
      else console.table(report);
      process.exitCode = report.ok ? 0 : 1;
    });
}
