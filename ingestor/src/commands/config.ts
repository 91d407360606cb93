import { Command } from 'commander';
import { configTable } from '../config/table.ts';

export function configCommand(): Command {
  return new Command('config')
    .description('print every environment variable, its default and what it may be, as a Markdown table')
    .action(() => {
      process.stdout.write(configTable());
    });
}
