import { Command } from 'commander';
import { check } from '../check/check.ts';
import { failed, findingsText, type Finding } from '../check/finding.ts';
import { ConfigError, parseConfig, type Config } from '../config/config.ts';

const HELP = `
Looks at Kafka (brokers, topics, retention, sizes, the group and its members), ClickHouse (version, rights, schema, deduplication
windows, engine path, clock), the schema registry where a topic needs one, and certificates. It changes nothing and reads no event.

Exit code: 0 nothing failed (there may be warnings), 1 something failed.`;

export function checkCommand(): Command {
  return new Command('check')
    .description('connect to everything, and say what is wrong and how to mend it')
    .option('--json', 'one JSON object')
    .addHelpText('after', HELP)
    .action(async ({ json }: { json?: boolean }) => {
      const config = configured();
      const checks = Array.isArray(config) ? config : await check(config);
      const isOk = checks.every(({ status }) => status !== 'failed');
      process.stdout.write(`${json ? JSON.stringify({ ok: isOk, checks }) : findingsText(checks)}\n`);
      process.exitCode = isOk ? 0 : 1;
    });
}

/** The configuration, or what is wrong with it. */
function configured(): Config | Finding[] {
  try {
    return parseConfig();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message
      .split('\n')
      .map((line) => failed('configuration', line, 'See `ingestor config` for every variable.'));
  }
}
