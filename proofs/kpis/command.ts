import { seed } from '@floorwatch/demo/commands/options';
import { Command } from 'commander';
import { runKpis } from './run-kpis.ts';

export function kpisCommand(): Command {
  return new Command('kpis')
    .description(
      'compare each figure of the pages with the one computed from the events of a fixture (docs/reference/kpis.md)'
    )
    .option('--json', 'print one JSON object per figure, and nothing else, to standard output')
    .option('--seed <number>', 'another fixture, by chance; 0 is the one of the documentation', seed, 0)
    .action(async ({ json, seed: chosen }: { json?: true; seed: number }) => {
      const rows = await runKpis({
        seed: chosen,
        onRow: (row) => {
          if (json) console.log(JSON.stringify(row));
          else console.log(row.ok ? 'ok  ' : 'MISS', row.kpi, row.shown, row.ok ? '' : `(expected ${row.expected})`);
        },
      });
      const missed = rows.filter(({ ok }) => !ok).length;
      console.error(`${rows.length} figures, ${missed} not as expected`);
      process.exitCode = missed === 0 ? 0 : 1;
    });
}
