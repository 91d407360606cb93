import { wholePositive } from '@floorwatch/demo/commands/options';
import { Command, InvalidArgumentError, Option } from 'commander';
import { CASES, type CaseName } from './cases.ts';
import { findOriginal } from './find-original.ts';
import { runIngestBench } from './run-ingest-bench.ts';

interface BenchFlags {
  json?: true;
  events: number;
  cases: CaseName[];
  repetitions: number;
  file?: string;
  general?: true;
  peer: { name: string; command: string }[];
  original?: string | false;
  originalEvents: number;
}

const HELP = `
A peer is any program that reads the topic into the table. It is started with sh -c, and stopped when all events are in the table. Its
configuration is in environment variables:
  BENCH_KAFKA_BROKERS         host:port
  BENCH_KAFKA_TOPIC           JSON events of the contract, one per message
  BENCH_KAFKA_GROUP_ID        a group without offsets: read from the beginning
  BENCH_CLICKHOUSE_HOST, BENCH_CLICKHOUSE_HTTP_PORT, BENCH_CLICKHOUSE_TCP_PORT, BENCH_CLICKHOUSE_USER, BENCH_CLICKHOUSE_PASSWORD
  BENCH_CLICKHOUSE_DATABASE, BENCH_CLICKHOUSE_TABLE   an empty table with the original design's columns
  BENCH_EVENTS                the number of messages

  bench-ingest --json --peer 'sinker=./clickhouse_sinker.sh' --peer 'vector=vector --config vector.yaml'
`;

export function benchIngestCommand(): Command {
  return new Command('bench-ingest')
    .description(
      'compare CPU and memory of the ingestor per format and feature, and of other programs, for the same events'
    )
    .option('--json', 'print one JSON object per case, then one per peer')
    .option('--events <number>', 'generated events of each run', wholePositive, 1_000_000)
    .option('--cases <names>', `comma-separated, of ${CASES.join(', ')}`, parseCases, [...CASES])
    .option('--repetitions <number>', 'runs of each case and peer; the report has medians and minima', wholePositive, 3)
    .option('--file <file>', 'measure only JSON, with a recorded fleet (JSONL or JSONL.gz)')
    .option('--general', 'measure only JSON whose events have a masked field, and so take the general path')
    .option('--peer <name=command>', 'another program to measure in the same run (repeatable)', addPeer, [])
    .addOption(
      new Option('--original <file>', 'script of the original consumer (without it, there is no comparison)').env(
        'ORIGINAL_CONSUMER'
      )
    )
    .option('--no-original', 'measure only the ingestor and the peers')
    .option('--original-events <number>', 'events to read with the original consumer', wholePositive, 200_000)
    .addHelpText('after', HELP)
    .action(async ({ json, original, general, peer: peers, cases, ...flags }: BenchFlags) => {
      const say = (line: string): void => {
        console.error(line);
      };
      const found = original === false ? { original: null } : findOriginal(original);
      if ('problem' in found) say(`The comparison with the original consumer is left out: ${found.problem}`);
      const only: CaseName[] | null = general ? ['general'] : flags.file === undefined ? null : ['json'];
      const rows = await runIngestBench({ ...flags, cases: only ?? cases, peers, original: found.original, say });
      if (json) for (const row of rows) console.log(JSON.stringify(row));
      else console.table(rows.map(({ original: _, ...row }: (typeof rows)[number] & { original?: unknown }) => row));
    });
}

function parseCases(text: string): CaseName[] {
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.filter((name) => !CASES.some((known) => known === name));
  if (unknown.length > 0) throw new InvalidArgumentError(`${unknown.join(', ')} is none of ${CASES.join(', ')}.`);
  return CASES.filter((name) => names.includes(name));
}

function addPeer(text: string, before: BenchFlags['peer']): BenchFlags['peer'] {
  const [, name = '', command = ''] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
  if (name === '') throw new InvalidArgumentError('It must be NAME=COMMAND.');
  return [...before, { name, command }];
}
