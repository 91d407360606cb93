import { reportFailure } from '@floorwatch/servers/errors';
import { Command } from 'commander';
import { accessCommand } from './access/command.ts';
import { alertsCommand } from './alerts/command.ts';
import { benchIngestCommand } from './bench/ingest/command.ts';
import { benchLatencyCommand } from './bench/latency/command.ts';
import { benchLiveCommand } from './bench/live/command.ts';
import { benchPageCommand } from './bench/page/command.ts';
import { benchSqlCommand } from './bench/sql/command.ts';
import { chaosCommand } from './chaos/command.ts';
import { exactCommand } from './exact/command.ts';
import { healthyCommand } from './healthy/command.ts';
import { interopCommand } from './interop/command.ts';
import { kpisCommand } from './kpis/command.ts';
import { poisonCommand } from './poison/command.ts';
import { securityCommand } from './security/command.ts';
import { smokeCommand } from './smoke/command.ts';
import { structureCommand } from './structure/command.ts';

const program = new Command('proofs')
  .description('Proofs and benchmarks of Floorwatch on real servers.')
  .addCommand(smokeCommand())
  .addCommand(chaosCommand())
  .addCommand(exactCommand())
  .addCommand(healthyCommand())
  .addCommand(interopCommand())
  .addCommand(kpisCommand())
  .addCommand(poisonCommand())
  .addCommand(accessCommand())
  .addCommand(alertsCommand())
  .addCommand(securityCommand())
  .addCommand(benchIngestCommand())
  .addCommand(benchLatencyCommand())
  .addCommand(benchPageCommand())
  .addCommand(benchLiveCommand())
  .addCommand(benchSqlCommand())
  .addCommand(structureCommand());

try {
  await program.parseAsync();
} catch (error) {
  reportFailure(error);
}
