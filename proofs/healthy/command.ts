import { positive, seed, wholePositive } from '@floorwatch/demo/commands/options';
import { Command } from 'commander';
import { runHealthy } from './run-healthy.ts';
import { isHealthy } from './tally.ts';

interface HealthyFlags {
  json?: true;
  minutes: number;
  robots: number;
  seed: number;
}

export function healthyCommand(): Command {
  return new Command('healthy')
    .description('run a healthy fleet, then one with every fault beside it, and compare every view with what was sent')
    .option('--json', 'print one JSON object per view, and nothing else, to standard output')
    .option('--minutes <number>', 'how long the fleets report', positive, 5)
    .option('--robots <number>', 'healthy robots', wholePositive, 30)
    .option('--seed <number>', 'repeats what the robots do', seed, Math.floor(Math.random() * 2 ** 31))
    .action(async ({ json, ...flags }: HealthyFlags) => {
      const say = (line: string): void => {
        console.error(line);
      };
      say(`--seed ${flags.seed}`);
      const rows = await runHealthy({ ...flags, say });
      if (json) for (const row of rows) console.log(JSON.stringify(row));
      else console.table(rows);
      process.exitCode = isHealthy(rows) ? 0 : 1;
    });
}
