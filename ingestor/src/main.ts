#!/usr/bin/env -S node --disable-warning=TimeoutNegativeWarning --max-semi-space-size=4 --heap-growing-percent=200
import { constants } from 'node:os';
import { Command } from 'commander';
import { backfillCommand } from './commands/backfill.ts';
import { backupCommand, restoreCommand } from './commands/backup.ts';
import { checkCommand } from './commands/check.ts';
import { configCommand } from './commands/config.ts';
import { deadLettersCommand } from './commands/dead-letters.ts';
import { eraseCommand } from './commands/erase.ts';
import { errorText } from './commands/error-text.ts';
import { addExamples } from './commands/examples.ts';
import { exportCommand } from './commands/export.ts';
import { floorplanCommand } from './commands/floorplan.ts';
import { geometryCommand } from './commands/geometry.ts';
import { migrateCommand } from './commands/migrate.ts';
import { provisioningCommand } from './commands/provisioning.ts';
import { replayCommand } from './commands/replay.ts';
import { robotsCommand } from './commands/robots.ts';
import { runCommand } from './commands/run.ts';
import { skipCommand } from './commands/skip.ts';
import { printable } from './commands/terminal.ts';

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

// The reader of the output may close the pipe (`| head`). Then exit like other programs on EPIPE.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(128 + constants.signals.SIGPIPE);
});

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${printable(errorText(error as Error))}\n`);
  process.exitCode = 1;
}
