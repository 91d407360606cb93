import { Command } from 'commander';
import { runSecurity } from './run-security.ts';

export function securityCommand(): Command {
  return new Command('security')
    .description(
      'attack real servers with the shipped configuration: Kafka, ClickHouse, the ingestor, Grafana, files, addresses'
    )
    .option('--json', 'print one JSON object per attempt, and nothing else, to standard output')
    .option('--short', 'leave out the attempts of the access proof and the slow ones')
    .action(async ({ json, short }: { json?: true; short?: true }) => {
      const rows = await runSecurity({
        isShort: short ?? false,
        onRow: (row) => {
          if (json) console.log(JSON.stringify(row));
          else console.log(row.seen === row.expected ? 'ok  ' : 'MISS', row.attempt, `(${row.expected})`, row.seen);
        },
      });
      const missed = rows.filter(({ seen, expected }) => seen !== expected).length;
      console.error(`${rows.length} attempts, ${missed} not as expected`);
      process.exitCode = missed === 0 ? 0 : 1;
    });
}
