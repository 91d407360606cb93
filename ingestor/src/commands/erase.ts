import { Command } from 'commander';
import { createClickHouse } from '../clickhouse/client.ts';
import { parseConfig } from '../config/config.ts';
import { erase, type EraseReport } from '../erase/erase.ts';
import { fieldSubject, robotSubject } from '../erase/subject.ts';
import { CommandError } from '../errors/errors.ts';
import { say } from './terminal.ts';

interface EraseFlags {
  robot?: string;
  field?: string;
  dryRun?: boolean;
  json?: boolean;
}

/** A deletion rewrites the files of whole tables. */
const STEP_TIMEOUT_MS = 3_600_000;

const HELP = `
--robot deletes every row of the robot, and the dead letters and repairs that name it. Floor cells, which sum over robots, are computed
again for its minutes. --field removes the value from meta; the events stay. Dead letters with the value are deleted.

Then every text column of every table is searched. The report has the rows found before and after. Not erased, because ClickHouse does
not have them or deletes them itself: messages in Kafka (until their retention ends), backups, and logs of queries (7 days). If a value
comes back with a replay or a backup, v_health shows erased robots, and the same command removes it again.
With MASK_FIELDS and MASK_SALT, the hash of the value is erased, too.

Exit code: 0 nothing is left, 1 something is left or the command failed.`;

export function eraseCommand(): Command {
  return new Command('erase')
    .description("remove a robot's or a person's data from every table, and prove it (as floorwatch_owner)")
    .option('--robot <id>', 'the robot')
    .option('--field <meta.key=value>', 'a value of meta, such as meta.operator=Ada')
    .option('--dry-run', 'search and count; change nothing')
    .option('--json', 'print one JSON object')
    .addHelpText('after', HELP)
    .action(async ({ robot, field, dryRun, json }: EraseFlags) => {
      if ((robot === undefined) === (field === undefined))
        throw new CommandError('erase', 'Give either --robot or --field.');
      const config = parseConfig();
      const { masking } = config.formats;
      const subject = robot === undefined ? fieldSubject(field ?? '', masking) : robotSubject(robot, masking);
      const client = createClickHouse({ ...config.clickhouse, requestTimeoutMs: STEP_TIMEOUT_MS });
      try {
        const report = await erase(client, subject, { isDryRun: dryRun ?? false, say });
        process.stdout.write(`${json ? JSON.stringify(report) : reportText(report)}\n`);
        if (report.left > 0) process.exitCode = 1;
      } finally {
        await client.close();
      }
    });
}

function reportText({ field, dry_run, tables, left, files_deleted_by, logged_queries }: EraseReport): string {
  const lines = tables.map(({ table, column, before, after }) =>
    dry_run ? `${table}.${column}: ${before} rows` : `${table}.${column}: ${before} rows before, ${after} after`
  );
  if (tables.length === 0) lines.push('No table has this value.');
  if (dry_run) lines.push('Nothing was changed (--dry-run).');
  if (left > 0) {
    lines.push(
      `${left} rows still have the value. If it still arrives, stop its source. In another key of meta, use --field with that key; ` +
        'in names of zones or robots, change them. Then run the command again.'
    );
  } else if (!dry_run) lines.push(`No table has this value of ${field}.`);
  if (files_deleted_by !== null) lines.push(`ClickHouse deletes the old files by ${files_deleted_by}.`);
  if (logged_queries > 0) {
    lines.push(`system.query_log has ${logged_queries} queries with the value, which ClickHouse deletes after 7 days.`);
  }
  return lines.join('\n');
}
