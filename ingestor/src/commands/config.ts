import { Command } from 'commander';
import { configTable } from '../config/table.ts';

export function configCommand(): Command {
  return new Command('config')
    .description('print every environment variable with its default and its allowed values, as a Markdown table')
    .action(() => {
      process.stdout.write(configTable());
    });
}
