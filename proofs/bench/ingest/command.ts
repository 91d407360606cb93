import { wholePositive } from '@floorwatch/demo/commands/options';
import { Command, Option } from 'commander';
import { findOriginal } from './measure-original.ts';
import { runIngestBench } from './run-ingest-bench.ts';

interface BenchFlags {
  json?: true;
  events: number;
  file?: string;
  general?: true;
  original?: string | false;
  originalEvents: number;
}

export function benchIngestCommand(): Command {
  return new Command('bench-ingest')
    .description('compare CPU and memory of the ingestor and of the original consumer for the same topic')
    .option('--json', 'print one JSON object')
    .option('--events <number>', 'generated events to measure with', wholePositive, 1_000_000)
    .option('--file <file>', 'measure with a recorded fleet (JSONL or JSONL.gz) instead')
    .option('--general', 'mask a field, so that every event takes the general path instead of the fast path')
    .addOption(
      new Option('--original <file>', 'script of the original consumer (without it, there is no comparison)').env(
        'ORIGINAL_CONSUMER'
      )
    )
    .option('--no-original', 'measure only the ingestor')
    .option('--original-events <number>', 'events to read with the original consumer', wholePositive, 200_000)
    .action(async ({ json, original, ...flags }: BenchFlags) => {
      const say = (line: string): void => {
        console.error(line);
      };
      const found = original === false ? { original: null } : findOriginal(original);
      if ('problem' in found) say(`The comparison with the original consumer is left out: ${found.problem}`);
      const report = await runIngestBench({ ...flags, original: found.original, say });
      if (json) console.log(JSON.stringify(report));
      else console.table({ ours: { ...report, original: undefined }, original: report.original });
    });
}
