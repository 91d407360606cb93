#!/usr/bin/env node
import { Command } from 'commander';
import { benchSqlCommand } from './commands/bench-sql.ts';
import { benchIngestCommand } from './commands/bench-ingest.ts';
import { benchLatencyCommand } from './commands/bench-latency.ts';
import { chaosCommand } from './commands/chaos.ts';
import { exactCommand } from './commands/exact.ts';
import { interopCommand } from './commands/interop.ts';
import { pagerCommand } from './commands/pager.ts';
import { replayCommand } from './commands/replay.ts';
import { simulateCommand } from './commands/simulate.ts';
import { smokeCommand } from './commands/smoke.ts';
import { stackCommand } from './commands/stack.ts';

const program = new Command('demo')
  .description('A simulated robot fleet, and the whole of Floorwatch as plain processes.')
  .addCommand(stackCommand())
  .addCommand(smokeCommand())
  .addCommand(simulateCommand())
  .addCommand(replayCommand())
  .addCommand(pagerCommand())
  .addCommand(chaosCommand())
  .addCommand(interopCommand())
  .addCommand(benchIngestCommand())
  .addCommand(benchLatencyCommand())
  .addCommand(exactCommand())
  .addCommand(benchSqlCommand());

try {
  await program.parseAsync();
} catch (error) {
  // Errors that the user can mend say how in their message; only the others need their stack.
  const { name, message, stack } = error as Error;
  console.error(name === 'Error' || name.endsWith('TypeError') ? stack : message);
  process.exitCode = 1;
}
