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
    .description('measure what the ingestor and the original design’s consumer use for the same topic')
    .option('--json', 'print one JSON object')
    .option('--events <number>', 'made-up events to measure with', wholePositive, 1_000_000)
    .option('--file <file>', 'measure with a recorded fleet (JSONL or JSONL.gz) instead')
    .option('--general', 'mask a field, so that every event takes the general path')
    .addOption(
      new Option('--original <file>', 'the original consumer; without it, the comparison is left out').env(
        'ORIGINAL_CONSUMER'
      )
    )
    .option('--no-original', 'measure the ingestor alone')
    .option('--original-events <number>', 'events that the original consumer reads', wholePositive, 200_000)
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
