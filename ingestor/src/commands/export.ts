import { Command } from 'commander';
import { createClickHouse } from '../clickhouse/client.ts';
import { parseConfig } from '../config/config.ts';
import { parseTimeMs } from '../dead-letters/dead-letter-filter.ts';
import { exportEvents } from '../export/export-events.ts';
import { say, text } from './terminal.ts';

interface ExportFlags {
  from: string;
  to: string;
  robot?: string;
  out: string;
  overwrite?: boolean;
}

const TIMEOUT_MS = 3_600_000;

const HELP = `
The file has the columns of the view v_events: no personal keys of meta, and each event once. It is written under another name and
renamed when it is complete. floorwatch_reader can run this for ranges within its limits, floorwatch_owner for any range.`;

export function exportCommand(): Command {
  return new Command('export')
    .description("write a time range of events, or of one robot's events, to a Parquet file")
    .requiredOption('--from <time>', 'event time, included: ISO 8601, or an age such as 90m, 24h, 7d')
    .requiredOption('--to <time>', 'event time, excluded')
    .option('--robot <id>', 'only this robot', text)
    .requiredOption('--out <file>', 'the file; - is standard output', text)
    .option('--overwrite', 'replace the file if it exists')
    .addHelpText('after', HELP)
    .action(async ({ from, to, overwrite, ...flags }: ExportFlags) => {
      const nowMs = Date.now();
      const range = { fromMs: parseTimeMs(from, nowMs), toMs: parseTimeMs(to, nowMs) };
      const client = createClickHouse({ ...parseConfig().clickhouse, requestTimeoutMs: TIMEOUT_MS });
      try {
        const report = await exportEvents(client, { ...flags, ...range, overwrite: overwrite ?? false });
        if (flags.out === '-') say(JSON.stringify(report));
        else process.stdout.write(`${JSON.stringify(report)}\n`);
      } finally {
        await client.close();
      }
    });
}
