import { join } from 'node:path';
import { wholePositive } from '@floorwatch/demo/commands/options';
import { REPOSITORY_DIR } from '@floorwatch/servers/paths';
import { Command } from 'commander';
import { runIngestBench } from './run-ingest-bench.ts';

interface BenchFlags {
  json?: true;
  events: number;
  file?: string;
  general?: true;
  original: string | false;
  originalEvents: number;
}

const ORIGINAL = process.env['ORIGINAL_CONSUMER'] ?? join(REPOSITORY_DIR, '../shared/bench/original_consumer.py');

export function benchIngestCommand(): Command {
  return new Command('bench-ingest')
    .description('measure what the ingestor and the original design’s consumer use for the same topic')
    .option('--json', 'print one JSON object')
    .option('--events <number>', 'made-up events to measure with', wholePositive, 1_000_000)
    .option('--file <file>', 'measure with a recorded fleet (JSONL or JSONL.gz) instead')
    .option('--general', 'mask a field, so that every event takes the general path')
    .option('--original <file>', 'the original consumer', ORIGINAL)
    .option('--no-original', 'measure the ingestor alone')
    .option('--original-events <number>', 'events that the original consumer reads', wholePositive, 200_000)
    .action(async ({ json, original, ...flags }: BenchFlags) => {
      const say = (line: string): void => {
        console.error(line);
      };
      const report = await runIngestBench({ ...flags, original: original === false ? null : original, say });
      if (json) console.log(JSON.stringify(report));
      else console.table({ ours: { ...report, original: undefined }, original: report.original });
    });
}
