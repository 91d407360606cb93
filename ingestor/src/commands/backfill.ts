import { Command } from 'commander';
import { backfill } from '../backfill/backfill.ts';
import { parseMonth } from '../backfill/month.ts';
import { createClickHouse } from '../clickhouse/client.ts';
import { parseConfig } from '../config/config.ts';

interface BackfillFlags {
  month: string;
  file: string[];
  dryRun?: boolean;
  skipRejected?: boolean;
  restart?: boolean;
}

/** A step computes hours of roll-ups again: longer than any insert of the pipeline may take. */
const STEP_TIMEOUT_MS = 600_000;

export function backfillCommand(): Command {
  return new Command('backfill')
    .description("add a month's events from files, checked and all at once (as floorwatch_owner); again: goes on")
    .requiredOption('--month <YYYY-MM>', 'events of other months are left out')
    .requiredOption('--file <files...>', 'JSON lines of the contract, .gz or not')
    .option('--dry-run', 'judge and count, change nothing')
    .option('--skip-rejected', 'go on although lines were rejected')
    .option('--restart', 'forget what an interrupted backfill of this month has loaded')
    .action(async ({ month, file, dryRun, skipRejected, restart }: BackfillFlags) => {
      const { clickhouse } = parseConfig();
      const client = createClickHouse({ ...clickhouse, requestTimeoutMs: STEP_TIMEOUT_MS });
      const say = (line: string): boolean => process.stderr.write(`${line}\n`);
      try {
        const report = await backfill(client, {
          month: parseMonth(month),
          files: file,
          isDryRun: dryRun ?? false,
          skipRejected: skipRejected ?? false,
          restart: restart ?? false,
          timeoutMs: STEP_TIMEOUT_MS,
          say,
        });
        process.stdout.write(`${JSON.stringify(report)}\n`);
      } finally {
        await client.close();
      }
    });
}
