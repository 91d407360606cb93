import { Command } from 'commander';
import { runAccess } from './run-access.ts';

export function accessCommand(): Command {
  return new Command('access')
    .description('try what each user must and must not be able to do, on a real ClickHouse with the shipped users file')
    .option('--json', 'print one JSON object per attempt, and nothing else, to standard output')
    .action(async ({ json }: { json?: true }) => {
      const rows = await runAccess({
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
