#!/usr/bin/env -S node --disable-warning=TimeoutNegativeWarning --max-semi-space-size=8
import { Command } from 'commander';
import { BackfillError } from './backfill/backfill-error.ts';
import { backfillCommand } from './commands/backfill.ts';
import { configCommand } from './commands/config.ts';
import { deadLettersCommand } from './commands/dead-letters.ts';
import { floorplanCommand } from './commands/floorplan.ts';
import { geometryCommand } from './commands/geometry.ts';
import { migrateCommand } from './commands/migrate.ts';
import { runCommand } from './commands/run.ts';
import { ConfigError } from './config/config.ts';
import { DeadLetterError } from './dead-letters/dead-letter-error.ts';
import { MigrationError } from './migrate/migration-error.ts';
import { PlanError } from './plans/plan-error.ts';

/** Errors that are the user's to mend: their message says how, and a stack would only hide it. */
const USER_ERRORS = [BackfillError, ConfigError, DeadLetterError, MigrationError, PlanError];

const program = new Command('ingestor')
  .description('Robot telemetry from Kafka into ClickHouse, exactly once.')
  .addCommand(runCommand())
  .addCommand(migrateCommand())
  .addCommand(floorplanCommand())
  .addCommand(geometryCommand())
  .addCommand(deadLettersCommand())
  .addCommand(backfillCommand())
  .addCommand(configCommand());

try {
  await program.parseAsync();
} catch (error) {
  const isUserError = USER_ERRORS.some((type) => error instanceof type);
  process.stderr.write(`${isUserError ? (error as Error).message : (error as Error).stack}\n`);
  process.exitCode = 1;
}
