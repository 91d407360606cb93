#!/usr/bin/env -S node --disable-warning=TimeoutNegativeWarning
import { Command } from 'commander';
import { configCommand } from './commands/config.ts';
import { runCommand } from './commands/run.ts';
import { ConfigError } from './config/config.ts';

const program = new Command('ingestor')
  .description('Robot telemetry from Kafka into ClickHouse, exactly once.')
  .addCommand(runCommand())
  .addCommand(configCommand());

try {
  await program.parseAsync();
} catch (error) {
  // A wrong configuration is the user's to mend: its message says how, and a stack would only hide that.
  process.stderr.write(`${error instanceof ConfigError ? error.message : (error as Error).stack}\n`);
  process.exitCode = 1;
}
