import { duration, wholePositive } from '@floorwatch/demo/commands/options';
import { Command } from 'commander';
import { runLatencyBench } from './run-latency-bench.ts';

interface LatencyFlags {
  json?: true;
  rate: number;
  duration: number;
}

export function benchLatencyCommand(): Command {
  return new Command('bench-latency')
    .description('measure the latency from Kafka until a query returns the event, on both paths')
    .option('--json', 'print one JSON object')
    .option('--rate <number>', 'events per second', wholePositive, 5_000)
    .option('--duration <duration>', 'how long to publish', duration, 30)
    .action(async ({ json, rate, duration: seconds }: LatencyFlags) => {
      const say = (line: string): void => {
        console.error(line);
      };
      const report = await runLatencyBench({ rate, seconds, say });
      if (json) console.log(JSON.stringify(report));
      else console.table({ ingestor: report.ingestor, engine: report.engine });
    });
}
