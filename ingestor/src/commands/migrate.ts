import { Command, Option } from 'commander';
import { accessStatements, removalStatements } from '../access/access-sql.ts';
import { accessTable } from '../access/access-table.ts';
import { applyAccess } from '../access/apply-access.ts';
import { hashedPasswords, hashesFromEnvironment } from '../access/password-hashes.ts';
import { usersFile } from '../access/users-file.ts';
import { createClickHouse } from '../clickhouse/client.ts';
import { parseConfig } from '../config/config.ts';
import { migrate } from '../migrate/migrate.ts';
import { onCluster, SINGLE, type Topology } from '../migrate/topology.ts';

interface MigrateFlags {
  repair?: boolean;
  cluster?: string;
  keeper: boolean;
  site: string[];
  print?: true | 'sql' | 'users.d' | 'remove';
}

export function migrateCommand(): Command {
  return new Command('migrate')
    .description(
      "update the ClickHouse schema and users to this version, and start or stop ClickHouse's Kafka engine path"
    )
    .option('--repair', 'run a half-applied migration again from its start')
    .option('--cluster <name>', 'create the schema on a cluster of shards and replicas (see sql/README.md)')
    .option('--no-keeper', 'the cluster has no ZooKeeper or Keeper: create no replicas; run migrate on each server')
    .option('--site <id>', 'also create a reader that sees only this site; repeat it for more', collect, [])
    .addOption(
      new Option('--print [form]', 'print roles, users, rights, quotas and row policies, and change nothing').choices([
        'sql',
        'users.d',
        'remove',
      ])
    )
    .action(async (flags: MigrateFlags, command: Command) => {
      if (!flags.keeper && flags.cluster === undefined) command.error('error: --no-keeper is for --cluster');
      const topology: Topology = flags.cluster
        ? { kind: 'cluster', cluster: flags.cluster, keeper: flags.keeper }
        : SINGLE;
      if (flags.print !== undefined) printAccess(flags.print, flags.site, topology);
      else await update(flags, topology);
    });
}

async function update(flags: MigrateFlags, topology: Topology): Promise<void> {
  const config = parseConfig();
  // The configured database may not exist before the first migration.
  const client = createClickHouse({ ...config.clickhouse, database: 'default' });
  try {
    const table = accessTable(hashedPasswords(process.env, flags.site));
    // Before the views, which run as one of these users.
    const access = await applyAccess(client, table, onCluster(topology));
    const report = await migrate(client, {
      topology,
      ingestPath: config.ingestPath,
      repair: flags.repair ?? false,
      onApplied: ({ name, statements, durationMs }) => {
        say(`${name}: ${statements} statements in ${durationMs} ms`);
      },
    });
    say('applied' in access ? `users: ${access.applied} statements` : `users: unchanged (${access.kept})`);
    const was = `${report.applied.length} applied, ${report.alreadyApplied} already applied`;
    say(`ClickHouse ${report.serverVersion}: ${was}; engine path ${report.enginePath} (${config.ingestPath})`);
  } finally {
    await client.close();
  }
}

function printAccess(form: true | 'sql' | 'users.d' | 'remove', sites: readonly string[], topology: Topology): void {
  if (form === 'users.d') {
    process.stdout.write(usersFile(accessTable(hashesFromEnvironment(sites))));
    return;
  }
  if (form === 'remove') {
    const all = accessTable(hashesFromEnvironment(sites));
    for (const statement of removalStatements(all, onCluster(topology))) say(`${statement};`);
    return;
  }
  const options = hashedPasswords(process.env, sites);
  for (const user of ['owner', 'writer', 'reader'] as const) {
    if (options.passwords[user] === undefined)
      say(`-- Without floorwatch_${user}: set CLICKHOUSE_${user.toUpperCase()}_PASSWORD or …_FILE.`);
  }
  for (const statement of accessStatements(accessTable(options), onCluster(topology))) say(`${statement};`);
}

function collect(value: string, previous: string[]): string[] {
  return [...previous, value];
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
