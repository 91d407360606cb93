import { Command } from 'commander';
import { backfillCommand } from './backfill.ts';
import { backupCommand, restoreCommand } from './backup.ts';
import { checkCommand } from './check.ts';
import { configCommand } from './config.ts';
import { deadLettersCommand } from './dead-letters.ts';
import { eraseCommand } from './erase.ts';
import { addExamples } from './examples.ts';
import { exportCommand } from './export.ts';
import { floorplanCommand } from './floorplan.ts';
import { geometryCommand } from './geometry.ts';
import { migrateCommand } from './migrate.ts';
import { provisioningCommand } from './provisioning.ts';
import { replayCommand } from './replay.ts';
import { robotsCommand } from './robots.ts';
import { runCommand } from './run.ts';
import { skipCommand } from './skip.ts';

/** The command line of the ingestor. */
export function ingestorProgram(): Command {
  const program = new Command('ingestor')
    .description('Robot telemetry from Kafka into ClickHouse, exactly once.')
    .addCommand(runCommand())
    .addCommand(checkCommand())
    .addCommand(migrateCommand())
    .addCommand(floorplanCommand())
    .addCommand(geometryCommand())
    .addCommand(deadLettersCommand())
    .addCommand(replayCommand())
    .addCommand(skipCommand())
    .addCommand(backfillCommand())
    .addCommand(robotsCommand())
    .addCommand(backupCommand())
    .addCommand(restoreCommand())
    .addCommand(exportCommand())
    .addCommand(eraseCommand())
    .addCommand(provisioningCommand())
    .addCommand(configCommand());
  addExamples(program);
  return program;
}
