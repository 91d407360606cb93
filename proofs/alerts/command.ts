import { readFileSync, writeFileSync } from 'node:fs';
import { positive, seed } from '@floorwatch/demo/commands/options';
import { Command, InvalidArgumentError } from 'commander';
import { FAULTS } from './faults.ts';
import { runAlerts } from './run-alerts.ts';
import type { FaultReport } from './run-fault.ts';
import { documentationPage } from './table.ts';

interface AlertsFlags {
  json?: true;
  list?: true;
  only?: string[];
  seed: number;
  healthMinutes: number;
  table?: string;
  from?: string;
  keep?: true;
}

const NAMES = FAULTS.map(({ name }) => name);

export function alertsCommand(): Command {
  return new Command('alerts')
    .description(
      'break one thing at a time on a running stack, and compare the pages of Grafana with what they should be'
    )
    .option('--json', 'print one JSON object per fault, one per line, and nothing else, to standard output')
    .option('--list', 'print the names of the faults as a JSON array, and exit')
    .option('--only <names>', 'faults to run, separated by commas', faultNames)
    .option(
      '--seed <number>',
      'which robots, zones and times (default: random)',
      seed,
      Math.floor(Math.random() * 2 ** 31)
    )
    .option('--health-minutes <number>', 'how long nothing is broken in `health`', positive, 60)
    .option('--table <file>', 'write the result as a Markdown page too')
    .option(
      '--from <file>',
      'run nothing: the result is what `--json` printed in earlier runs, of each fault the last line'
    )
    .option('--keep', 'keep the log files of every process')
    .action(async ({ json, list, only, table, from, keep, ...flags }: AlertsFlags) => {
      if (list) {
        console.log(JSON.stringify(NAMES));
        return;
      }
      if (from !== undefined) {
        const reports = lastOfEachFault(readFileSync(from, 'utf8'));
        if (table === undefined) console.table(reports);
        else writeFileSync(table, documentationPage(reports));
        return;
      }
      const say = (line: string): void => {
        console.error(line);
      };
      say(`--seed ${flags.seed}`);
      const reports = await runAlerts({
        ...flags,
        only,
        keep: keep ?? false,
        say,
        onReport: (report) => {
          if (json) console.log(JSON.stringify(report));
          else say(JSON.stringify(report));
        },
      });
      if (!json) console.table(reports);
      if (table !== undefined) writeFileSync(table, documentationPage(reports));
      process.exitCode = reports.every(({ ok }) => ok) ? 0 : 1;
    });
}

/** In the order of `--list`. */
function lastOfEachFault(lines: string): FaultReport[] {
  const reports = lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as FaultReport);
  return NAMES.flatMap((name) => reports.findLast(({ fault }) => fault === name) ?? []);
}

function faultNames(list: string): string[] {
  const names = list.split(',');
  for (const name of names)
    if (!NAMES.includes(name))
      throw new InvalidArgumentError(`There is no fault ${name}. \`--list\` prints their names.`);
  return names;
}
