import { Command } from 'commander';
import { check } from '../check/check.ts';
import { failed, findingsText, type Finding } from '../check/finding.ts';
import { ConfigError, parseConfig, type Config } from '../config/config.ts';

const HELP = `
Checks Kafka (brokers, topics, retention, sizes, the group and its members), ClickHouse (version, rights, schema, deduplication
windows, engine path, clock, whether an event is stored), the schema registry if a topic needs it, certificates, and Grafana if GRAFANA_URL is set (plugins, data
sources, alert rules, contact points). It changes nothing and reads no events.

Exit code: 0 no check failed (warnings are possible), 1 a check failed.`;

export function checkCommand(): Command {
  return new Command('check')
    .description('connect to Kafka, ClickHouse and the schema registry, and report each problem with its fix')
    .option('--json', 'print one JSON object')
    .addHelpText('after', HELP)
    .action(async ({ json }: { json?: boolean }) => {
      const config = configured();
      const checks = Array.isArray(config) ? config : await check(config);
      const isOk = checks.every(({ status }) => status !== 'failed');
      process.stdout.write(`${json ? JSON.stringify({ ok: isOk, checks }) : findingsText(checks)}\n`);
      process.exitCode = isOk ? 0 : 1;
    });
}

/** The configuration, or its problems. */
function configured(): Config | Finding[] {
  try {
    return parseConfig();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message
      .split('\n')
      .map((line) => failed('configuration', line, '`ingestor config` describes every variable.'));
  }
}
