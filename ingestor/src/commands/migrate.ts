import { Command } from 'commander';
import { createClickHouse } from '../clickhouse/client.ts';
import { parseConfig } from '../config/config.ts';
import { migrate } from '../migrate/migrate.ts';
import { SINGLE } from '../migrate/topology.ts';

interface MigrateFlags {
  repair?: boolean;
  cluster?: string;
  keeper: boolean;
}

export function migrateCommand(): Command {
  return new Command('migrate')
    .description("update the ClickHouse schema to this version, and start or stop ClickHouse's Kafka engine path")
    .option('--repair', 'run a half-applied migration again from its start')
    .option('--cluster <name>', 'create the schema on a cluster of shards and replicas (see sql/README.md)')
    .option('--no-keeper', 'the cluster has no ZooKeeper or Keeper: create no replicas; run migrate on each server')
    .action(async (flags: MigrateFlags, command: Command) => {
      if (!flags.keeper && flags.cluster === undefined) command.error('error: --no-keeper is for --cluster');
      const config = parseConfig();
      // The configured database may not exist before the first migration.
      const client = createClickHouse({ ...config.clickhouse, database: 'default' });
      try {
        const report = await migrate(client, {
          topology: flags.cluster ? { kind: 'cluster', cluster: flags.cluster, keeper: flags.keeper } : SINGLE,
          ingestPath: config.ingestPath,
          repair: flags.repair ?? false,
          onApplied: ({ name, statements, durationMs }) => {
            say(`${name}: ${statements} statements in ${durationMs} ms`);
          },
        });
        const was = `${report.applied.length} applied, ${report.alreadyApplied} already applied`;
        say(`ClickHouse ${report.serverVersion}: ${was}; engine path ${report.enginePath} (${config.ingestPath})`);
      } finally {
        await client.close();
      }
    });
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
