#!/usr/bin/env node
import { reportFailure } from '@floorwatch/servers/errors';
import { Command } from 'commander';
import { pagerCommand } from './commands/pager.ts';
import { replayCommand } from './commands/replay.ts';
import { simulateCommand } from './commands/simulate.ts';
import { stackCommand } from './commands/stack.ts';

const program = new Command('demo')
  .description('A simulated robot fleet, and the whole Floorwatch stack as plain processes.')
  .addCommand(stackCommand())
  .addCommand(simulateCommand())
  .addCommand(replayCommand())
  .addCommand(pagerCommand());

try {
  await program.parseAsync();
} catch (error) {
  reportFailure(error);
}
