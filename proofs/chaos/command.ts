import { seed, wholePositive } from '@floorwatch/demo/commands/options';
import { Command } from 'commander';
import { runChaos } from './run-chaos.ts';

interface ChaosFlags {
  json?: true;
  events: number;
  kills: number;
  seed: number;
  keep?: true;
}

export function chaosCommand(): Command {
  return new Command('chaos')
    .description('kill, stop and disconnect ingestors, ClickHouse and Kafka at random, then count the stored rows')
    .option('--json', 'print one JSON object')
    .option('--events <number>', 'messages to publish', wholePositive, 100_000)
    .option('--kills <number>', 'faults to inject while messages are published', wholePositive, 20)
    .option('--seed <number>', 'seed of faults and events (default: random)', seed, Math.floor(Math.random() * 2 ** 31))
    .option('--keep', 'keep the logs and data of every process, also of a run without a loss')
    .action(async ({ json, keep, ...flags }: ChaosFlags) => {
      const say = (line: string): void => {
        console.error(line);
      };
      const report = await runChaos({ ...flags, keep: keep ?? false, say });
      if (json) console.log(JSON.stringify(report));
      else console.table(report);
      process.exitCode = report.ok ? 0 : 1;
    });
}
