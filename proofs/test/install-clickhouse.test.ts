import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startClickHouse, type ClickHouse } from '@floorwatch/servers/clickhouse';
import { REPOSITORY_DIR } from '@floorwatch/servers/paths';
import { afterAll, expect, test } from 'vitest';
import { send } from '../access/attempt.ts';

const dir = mkdtempSync(join(tmpdir(), 'floorwatch-install-clickhouse-'));
afterAll(() => {
  rmSync(dir, { recursive: true, force: true });
});
const CONFIG = join(dir, 'clickhouse-server');
const VARIABLES = join(dir, 'default/clickhouse-server');
const guide = readFileSync(join(REPOSITORY_DIR, 'docs/how-to/install-clickhouse.md'), 'utf8');

/** The commands of a section of the guide, with the folders of this test. Those that need systemd or Kafka are left out. */
function commandsOf(section: string): string {
  const [, body = ''] = guide.split(new RegExp(`^## ${section}.*$`, 'm'));
  const [own = ''] = body.split(/^## /m);
  const lines = own.split('\n').filter((line) => line.startsWith('    '));
  return lines
    .map((line) => line.slice(4).replaceAll('/etc/clickhouse-server', CONFIG).replaceAll('/etc/', `${dir}/`))
    .filter((line) => !/^systemctl |^export CLICKHOUSE_URL=| -- check$/.test(line))
    .join('\n');
}

function run(commands: string, server?: ClickHouse): string {
  return execFileSync('sh', ['-ec', commands], {
    ...{ cwd: REPOSITORY_DIR, stdio: 'pipe', encoding: 'utf8' },
    env: { ...process.env, ...(server && { CLICKHOUSE_URL: server.url }) },
  });
}

/** What this server had before Floorwatch: users with profiles, quotas, rights and row policies, a named collection, settings. */
function writeTheirConfiguration(): void {
  for (const folder of ['users.d', 'config.d']) mkdirSync(join(CONFIG, folder), { recursive: true });
  mkdirSync(join(dir, 'default'));
  writeFileSync(VARIABLES, 'CLICKHOUSE_WATCHDOG_ENABLE=0\n');
  writeFileSync(
    join(CONFIG, 'config.xml'),
    `<clickhouse>
  <user_directories><users_xml><path>users.xml</path></users_xml></user_directories>
  <query_log><database>system</database><table>query_log</table></query_log>
  <max_concurrent_queries>77</max_concurrent_queries>
</clickhouse>`
  );
  writeFileSync(
    join(CONFIG, 'config.d/theirs.xml'),
    `<clickhouse><named_collections><theirs><url>http://127.0.0.1:1/</url></theirs></named_collections></clickhouse>`
  );
  writeFileSync(
    join(CONFIG, 'users.xml'),
    `<clickhouse>
  <profiles><default><max_threads>3</max_threads></default><analyst><readonly>2</readonly><max_memory_usage>123456789</max_memory_usage></analyst></profiles>
  <quotas><default/><theirs><interval><duration>60</duration><queries>60000</queries></interval></theirs></quotas>
  <users>
    <default><no_password/><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota></default>
    <admin><password>admin-of-the-test</password><networks><ip>127.0.0.1</ip></networks><profile>default</profile>
      <access_management>1</access_management><named_collection_control>1</named_collection_control></admin>
  </users>
</clickhouse>`
  );
  writeFileSync(
    join(CONFIG, 'users.d/theirs.xml'),
    `<clickhouse><users><ada><password>ada-of-the-test</password><networks><ip>127.0.0.1</ip></networks><profile>analyst</profile><quota>theirs</quota>
  <grants><query>GRANT SELECT ON sales.*</query></grants>
  <databases><sales><orders><filter>amount &lt; 100</filter></orders></sales></databases></ada></users></clickhouse>`
  );
}

const ADMIN = { user: 'admin', password: 'admin-of-the-test' };
const ADA = { user: 'ada', password: 'ada-of-the-test' };

async function ask(server: ClickHouse, query: string, login = ADMIN): Promise<string> {
  const { text, error } = await send(server.url, login, query);
  if (error !== undefined) throw new Error(`${query}: ${text}`);
  return text;
}

const NOT_OURS = (column: string): string =>
  `NOT startsWith(${column}, 'floorwatch') AND NOT startsWith(${column}, 'warehouse')`;
const THEIRS = [
  `SELECT * FROM system.users WHERE ${NOT_OURS('name')} ORDER BY name`,
  `SELECT * FROM system.settings_profiles WHERE ${NOT_OURS('name')} ORDER BY name`,
  `SELECT * FROM system.settings_profile_elements WHERE ${NOT_OURS("coalesce(profile_name, user_name, '')")} ORDER BY ALL`,
  `SELECT * FROM system.quotas WHERE ${NOT_OURS('name')} ORDER BY name`,
  `SELECT * FROM system.row_policies WHERE ${NOT_OURS('database')} ORDER BY ALL`,
  `SELECT * FROM system.grants WHERE ${NOT_OURS("coalesce(user_name, role_name, '')")} ORDER BY ALL`,
  `SELECT name, collection FROM system.named_collections WHERE ${NOT_OURS('name')} ORDER BY name`,
  `SELECT name, value FROM system.server_settings WHERE changed AND name NOT IN ('http_port', 'tcp_port') ORDER BY name`,
  `SELECT name, engine FROM system.databases WHERE ${NOT_OURS('name')} ORDER BY name`,
  `SELECT database, name, uuid, create_table_query, total_rows FROM system.tables WHERE database = 'sales' ORDER BY name`,
  'SELECT cityHash64(groupArray(tuple(*))) FROM (SELECT * FROM sales.orders ORDER BY id)',
];

/** The answers about everything of theirs, what their user sees, and the bytes of their files. */
async function theirs(server: ClickHouse): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const query of THEIRS) found[query] = await ask(server, query);
  found['ada'] = await ask(server, 'SELECT count(), max(amount) FROM sales.orders', ADA);
  for (const path of ['config.xml', 'users.xml', 'config.d/theirs.xml', 'users.d/theirs.xml'])
    found[path] = readFileSync(join(CONFIG, path), 'utf8');
  return found;
}

/** Starts the server with the variables that its service has. */
function start(): Promise<ClickHouse> {
  const password = (user: string): Record<string, string> => {
    const file = join(dir, `floorwatch/clickhouse-${user}.password`);
    return existsSync(file) ? { [`CLICKHOUSE_${user.toUpperCase()}_PASSWORD`]: readFileSync(file, 'utf8') } : {};
  };
  const env = Object.assign({}, ...['owner', 'writer', 'reader'].map(password)) as Record<string, string>;
  return startClickHouse({ dataDir: join(dir, 'data'), configDir: CONFIG, env });
}

const OURS = `SELECT (SELECT count() FROM system.users WHERE startsWith(name, 'floorwatch')),
  (SELECT count() FROM system.settings_profiles WHERE startsWith(name, 'floorwatch')),
  (SELECT count() FROM system.quotas WHERE startsWith(name, 'floorwatch')),
  (SELECT count() FROM system.row_policies WHERE startsWith(database, 'warehouse')),
  (SELECT count() FROM system.named_collections WHERE name = 'floorwatch_kafka'),
  (SELECT count() FROM system.databases WHERE startsWith(name, 'warehouse')) FORMAT JSONCompactEachRow`;

test('a ClickHouse that has users, profiles and tables of its own keeps them, gets ours, and loses exactly ours', async () => {
  writeTheirConfiguration();
  let server = await start();
  await ask(server, 'CREATE DATABASE sales');
  await ask(server, 'CREATE TABLE sales.orders (id UInt64, amount Float64) ENGINE = MergeTree ORDER BY id');
  await ask(server, 'CREATE VIEW sales.large AS SELECT * FROM sales.orders WHERE amount > 50');
  await ask(server, 'INSERT INTO sales.orders SELECT number, number FROM numbers(1000)');
  const before = await theirs(server);
  expect(before['ada']).toBe('100\t99\n');
  await server.stop();
  const filesBefore = readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter(
    (path) => !path.startsWith('data')
  );

  const umask = execFileSync('sh', ['-c', 'umask'], { encoding: 'utf8' });
  // ClickHouse must be able to read the file that the same shell writes in the next step.
  expect(run(`${commandsOf('1')}\numask`)).toContain(umask);
  const [, collection = ''] = /^```xml\n([^]*?)^```$/m.exec(guide) ?? [];
  writeFileSync(join(CONFIG, 'config.d/floorwatch-kafka.xml'), collection);
  for (const user of ['owner', 'writer', 'reader']) {
    const hash = createHash('sha256')
      .update(readFileSync(join(dir, `floorwatch/clickhouse-${user}.password`)))
      .digest('hex');
    expect(readFileSync(VARIABLES, 'utf8')).toContain(`CLICKHOUSE_${user.toUpperCase()}_PASSWORD_SHA256=${hash}\n`);
  }
  server = await start();
  expect(run(commandsOf('3'), server)).toMatch(/applied, 0 already applied; engine path/);
  expect(await theirs(server)).toEqual(before);
  const [users, profiles, quotas, policies, collections, databases] = JSON.parse(await ask(server, OURS)) as number[];
  expect({ users, profiles, quotas, collections, databases }).toEqual({
    ...{ users: 5, profiles: 2, quotas: 1, collections: 1, databases: 1 },
  });
  expect(policies).toBeGreaterThan(10);
  expect(run(commandsOf('4'), server).trim()).toBe('0');
  // Neither sees what belongs to the other.
  const reader = { user: 'floorwatch_reader', password: server.passwords.reader };
  expect((await send(server.url, reader, 'SELECT count() FROM sales.orders')).error).toBe('ACCESS_DENIED');
  expect((await send(server.url, ADA, 'SELECT count() FROM warehouse.v_fleet_now')).error).toBe('ACCESS_DENIED');

  const uninstall = commandsOf('Uninstall');
  const drop = uninstall.slice(0, uninstall.indexOf('done') + 'done'.length);
  run(drop, server);
  await server.stop();
  run(uninstall.slice(drop.length));
  server = await start();
  expect(await theirs(server)).toEqual(before);
  expect(JSON.parse(await ask(server, OURS))).toEqual([0, 0, 0, 0, 0, 0]);
  await server.stop();
  const filesAfter = readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((path) => !path.startsWith('data'));
  expect(filesAfter.sort()).toEqual(filesBefore.sort());
  expect(readFileSync(VARIABLES, 'utf8')).toBe('CLICKHOUSE_WATCHDOG_ENABLE=0\n');
});
