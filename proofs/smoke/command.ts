import { randomUUID } from 'node:crypto';
import { duration, positive, stopSignal, wholePositive } from '@floorwatch/demo/commands/options';
import { parseStackSettings } from '@floorwatch/demo/stack/settings';
import { RUN_VARIABLE } from '@floorwatch/servers/leftovers';
import { Command } from 'commander';
import { smokeTable } from './report.ts';
import { runSmoke } from './run-smoke.ts';

interface SmokeFlags {
  json?: true;
  file?: string;
  robots: number;
  duration: number;
  speed: number;
}

export function smokeCommand(): Command {
  return new Command('smoke')
    .description('start the whole stack on free ports, send a fleet through both paths, count the rows, and stop it')
    .option('--json', 'print one JSON object')
    .option('--file <file>', 'publish a recording (JSONL or JSONL.gz) instead of a simulated fleet')
    .option('--robots <number>', 'simulated robots', wholePositive, 200)
    .option('--duration <duration>', 'simulated time', duration, 60)
    .option('--speed <factor>', 'factor by which time runs faster than real time', positive, 10)
    .action(async ({ json, ...flags }: SmokeFlags) => {
      const runId = randomUUID();
      process.env[RUN_VARIABLE] = runId;
      const report = await runSmoke({
        ...flags,
        durationSeconds: flags.duration,
        settings: parseStackSettings(process.env),
        runId,
        signal: stopSignal(),
        say: (line) => {
          console.error(line);
        },
      });
      console.log(json ? JSON.stringify(report) : smokeTable(report));
      process.exitCode = report.ok ? 0 : 1;
    });
}
