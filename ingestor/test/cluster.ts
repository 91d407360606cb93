import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient, type ClickHouseClient } from '@clickhouse/client';
import { startClickHouse, type ClickHouse } from '@floorwatch/servers/clickhouse';
import { claimPort } from '@floorwatch/servers/ports';
import { SITE_PASSWORD, writeServerConfig } from './clickhouse.ts';

const SERVER_DIR = join(import.meta.dirname, '../../sql/server');
const PASSWORDS = {
  CLICKHOUSE_OWNER_PASSWORD: 'owner',
  CLICKHOUSE_WRITER_PASSWORD: 'writer',
  CLICKHOUSE_READER_PASSWORD: 'reader',
};

/** The names of sql/server/cluster.example.xml. */
const AS_OWNER = '<user>floorwatch_owner</user><password from_env="CLICKHOUSE_OWNER_PASSWORD"/>';

export interface ClusterNode {
  server: ClickHouse;
  owner: ClickHouseClient;
  writer: ClickHouseClient;
  reader: ClickHouseClient;
  /** Of the site of fleetDay's robots, and of another one. */
  siteReader: ClickHouseClient;
  otherSiteReader: ClickHouseClient;
}

export interface TestCluster {
  nodes: ClusterNode[];
  stop: () => Promise<void>;
}

/**
 * Real ClickHouse servers on free ports, which form the cluster `floorwatch` with the configuration of sql/server/.
 * @param shards the shard of each server: [1, 2] is two shards, [1, 1] two replicas of one
 */
export async function startCluster(shards: readonly number[], zooKeeperPort?: number): Promise<TestCluster> {
  const directory = mkdtempSync(join(tmpdir(), 'floorwatch-cluster-'));
  const tcpPorts: number[] = [];
  while (tcpPorts.length < shards.length) tcpPorts.push(await claimPort('ClickHouse', undefined, ''));
  const clusterFile = join(directory, 'cluster-servers.xml');
  writeFileSync(clusterFile, clusterXml(shards, tcpPorts, zooKeeperPort));
  const configDir = join(directory, 'server');
  mkdirSync(join(configDir, 'config.d'), { recursive: true });
  const sites = writeServerConfig(configDir, ['here', 'elsewhere']);
  cpSync(join(SERVER_DIR, 'cluster.xml'), join(configDir, 'config.d/cluster.xml'));

  const servers = await Promise.all(
    shards.map((shard, i) =>
      startClickHouse({
        dataDir: join(directory, String(i)),
        configDir,
        tcpPort: tcpPorts[i],
        env: {
          ...PASSWORDS,
          ...sites.env,
          CLICKHOUSE_CLUSTER_FILE: clusterFile,
          CLICKHOUSE_SHARD: String(shard),
          CLICKHOUSE_REPLICA: `server-${i}`,
        },
      })
    )
  );
  const nodes = servers.map((server) => ({
    server,
    owner: clientOf(server, 'owner', server.passwords.owner),
    writer: clientOf(server, 'writer', server.passwords.writer),
    reader: clientOf(server, 'reader', server.passwords.reader),
    siteReader: clientOf(server, 'site_here', SITE_PASSWORD),
    otherSiteReader: clientOf(server, 'site_elsewhere', SITE_PASSWORD),
  }));
  const stop = async (): Promise<void> => {
    await Promise.all(
      nodes.flatMap(({ server: _, ...clients }) => Object.values(clients).map((client) => client.close()))
    );
    await Promise.all(servers.map((server) => server.stop()));
    rmSync(directory, { recursive: true, force: true });
  };
  return { nodes, stop };
}

function clientOf(server: ClickHouse, user: string, password: string): ClickHouseClient {
  return createClient({ url: server.url, username: `floorwatch_${user}`, password, log: { level: 127 } });
}

function clusterXml(shards: readonly number[], tcpPorts: readonly number[], zooKeeperPort?: number): string {
  const shardXml = [...new Set(shards)].map((shard) => {
    const replicas = tcpPorts
      .filter((_, i) => shards[i] === shard)
      .map((port) => `<replica><host>127.0.0.1</host><port>${port}</port>${AS_OWNER}</replica>`);
    return `<shard><internal_replication>true</internal_replication>${replicas.join('')}</shard>`;
  });
  const keeper = zooKeeperPort
    ? `<floorwatch_keeper><node><host>127.0.0.1</host><port>${zooKeeperPort}</port></node></floorwatch_keeper>`
    : '';
  return `<clickhouse><floorwatch_cluster><floorwatch>${shardXml.join('')}</floorwatch></floorwatch_cluster>${keeper}</clickhouse>`;
}
