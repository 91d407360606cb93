import { Command } from 'commander';
import { benchIngestCommand } from './bench/ingest/command.ts';
import { benchLatencyCommand } from './bench/latency/command.ts';
import { benchSqlCommand } from './bench/sql/command.ts';
import { chaosCommand } from './chaos/command.ts';
import { exactCommand } from './exact/command.ts';
import { healthyCommand } from './healthy/command.ts';
import { interopCommand } from './interop/command.ts';
import { smokeCommand } from './smoke/command.ts';
import { structureCommand } from './structure/command.ts';

const program = new Command('proofs')
  .description('What proves that Floorwatch holds its promises, against real servers.')
  .addCommand(smokeCommand())
  .addCommand(chaosCommand())
  .addCommand(exactCommand())
  .addCommand(healthyCommand())
  .addCommand(interopCommand())
  .addCommand(benchIngestCommand())
  .addCommand(benchLatencyCommand())
  .addCommand(benchSqlCommand())
  .addCommand(structureCommand());

try {
  await program.parseAsync();
} catch (error) {
  // Errors that the user can mend say how in their message; only the others need their stack.
  const { name, message, stack } = error as Error;
  console.error(name === 'Error' || name.endsWith('TypeError') ? stack : message);
  process.exitCode = 1;
}
