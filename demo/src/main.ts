#!/usr/bin/env node
import { Command } from 'commander';
import { pagerCommand } from './commands/pager.ts';
import { replayCommand } from './commands/replay.ts';
import { simulateCommand } from './commands/simulate.ts';
import { stackCommand } from './commands/stack.ts';

const program = new Command('demo')
  .description('A simulated robot fleet, and the whole of Floorwatch as plain processes.')
  .addCommand(stackCommand())
  .addCommand(simulateCommand())
  .addCommand(replayCommand())
  .addCommand(pagerCommand());

try {
  await program.parseAsync();
} catch (error) {
  // Errors that the user can mend say how in their message; only the others need their stack.
  const { name, message, stack } = error as Error;
  console.error(name === 'Error' || name.endsWith('TypeError') ? stack : message);
  process.exitCode = 1;
}
