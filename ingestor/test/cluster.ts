import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient, type ClickHouseClient } from '@clickhouse/client';
import { startClickHouse, type ClickHouse } from '@floorwatch/servers/clickhouse';
import { claimPort } from '@floorwatch/servers/ports';

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
  for (const file of ['config.xml', 'users.xml', 'users.d'])
    cpSync(join(SERVER_DIR, file), join(configDir, file), { recursive: true });
  cpSync(join(SERVER_DIR, 'cluster.xml'), join(configDir, 'config.d/cluster.xml'));

  const servers = await Promise.all(
    shards.map((shard, i) =>
      startClickHouse({
        dataDir: join(directory, String(i)),
        configDir,
        tcpPort: tcpPorts[i],
        env: {
          ...PASSWORDS,
          CLICKHOUSE_CLUSTER_FILE: clusterFile,
          CLICKHOUSE_SHARD: String(shard),
          CLICKHOUSE_REPLICA: `server-${i}`,
        },
      })
    )
  );
  const nodes = servers.map((server) => ({
    server,
    owner: clientOf(server, 'owner'),
    writer: clientOf(server, 'writer'),
    reader: clientOf(server, 'reader'),
  }));
  const stop = async (): Promise<void> => {
    await Promise.all(nodes.flatMap(({ owner, writer, reader }) => [owner.close(), writer.close(), reader.close()]));
    await Promise.all(servers.map((server) => server.stop()));
    rmSync(directory, { recursive: true, force: true });
  };
  return { nodes, stop };
}

function clientOf(server: ClickHouse, user: 'owner' | 'writer' | 'reader'): ClickHouseClient {
  return createClient({
    url: server.url,
    username: `floorwatch_${user}`,
    password: server.passwords[user],
    log: { level: 127 },
  });
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
