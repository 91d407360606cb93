import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient, type ClickHouseClient } from '@clickhouse/client';
import { startClickHouse } from '@floorwatch/servers/clickhouse';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accessStatements, removalStatements } from '../src/access/access-sql.ts';
import { accessTable } from '../src/access/access-table.ts';
import { applyAccess } from '../src/access/apply-access.ts';
import { hashedPasswords } from '../src/access/password-hashes.ts';
import { SITE_VIEWS } from '../src/access/sites.ts';
import { migrate } from '../src/migrate/migrate.ts';
import { rows, SITE_PASSWORD, startTestServer, writeServerConfig, type TestServer } from './clickhouse.ts';

/**
 * The process without Docker refuses users in SQL. So the SQL form is parsed by ClickHouse, and compared with what ClickHouse
 * says of the file form. Where CLICKHOUSE_CLUSTER_URLS names a server (for tests: its users of Floorwatch are changed), it is executed.
 */
const SITE = 'hall-2';
const ENV = {
  CLICKHOUSE_OWNER_PASSWORD: 'o',
  CLICKHOUSE_WRITER_PASSWORD: 'w',
  CLICKHOUSE_READER_PASSWORD: 'r',
  CLICKHOUSE_SITE_HALL_2_PASSWORD: SITE_PASSWORD,
};
const USERS = ['owner', 'writer', 'reader', `site_${SITE}`, 'definer', 'locator'].map((name) => `floorwatch_${name}`);

describe('the SQL form equals the file form', () => {
  let clickhouse: TestServer;
  let owner: ClickHouseClient;
  /** As ClickHouse formats them, without backticks. */
  let statements: string[];

  beforeAll(async () => {
    clickhouse = await startTestServer(ENV, { sites: [SITE] });
    owner = clickhouse.as('owner');
    const text = accessStatements(accessTable(hashedPasswords(ENV, [SITE])));
    statements = await Promise.all(text.map((statement) => formatted(owner, statement)));
  });
  afterAll(() => clickhouse.stop());

  const only = (pattern: RegExp): string => {
    const found = statements.filter((statement) => pattern.test(statement));
    expect(found, String(pattern)).toHaveLength(1);
    return found[0] ?? '';
  };
  const roleOf = (user: string): string => / (\w+) TO /.exec(only(new RegExp(`^GRANT \\w+ TO ${user}$`)))?.[1] ?? '';

  test('in users, with their passwords and hosts', async () => {
    const query = `SELECT name, auth_type, empty(host_ip) AND empty(host_names) AND empty(host_names_regexp) AND empty(host_names_like) AS no_host
      FROM system.users WHERE name LIKE 'floorwatch%' ORDER BY name`;
    const inSql = statements
      .map((statement) =>
        /^CREATE USER IF NOT EXISTS (\S+) IDENTIFIED WITH sha256_hash BY '(\w+)' HOST (ANY|NONE)$/.exec(statement)
      )
      .filter((match) => match !== null);
    expect(await rows(owner, query)).toEqual(
      inSql
        .map(([, name, , host]) => ({ name, auth_type: ['sha256_password'], no_host: host === 'NONE' ? 1 : 0 }))
        .sort((a, b) => ((a.name ?? '') < (b.name ?? '') ? -1 : 1))
    );
    expect(inSql.map(([, name]) => name).sort()).toEqual([...USERS].sort());
    // The file has no hash, so the logins of `clickhouse` show that its passwords are these.
    const hashes: Record<string, string | undefined> = Object.fromEntries(
      inSql.map(([, name = '', hash]) => [name, hash] as const)
    );
    for (const [name, password] of [
      ['owner', 'o'],
      ['writer', 'w'],
      ['reader', 'r'],
      [`site_${SITE}`, SITE_PASSWORD],
    ] as const)
      expect(hashes[`floorwatch_${name}`], name).toBe(createHash('sha256').update(password).digest('hex'));
    for (const client of [owner, clickhouse.as('writer'), clickhouse.as('reader'), clickhouse.ofSite(SITE)])
      await expect(rows(client, 'SELECT 1')).resolves.toHaveLength(1);
  });

  test('in rights', async () => {
    // Rights of the SQL text in a users file, so that ClickHouse brings both into the same form.
    const dir = mkdtempSync(join(tmpdir(), 'floorwatch-access-'));
    const { configDir, env } = writeServerConfig(join(dir, 'config'), [SITE], (xml) =>
      USERS.reduce((text, user) => {
        const rights =
          / (.*) TO /.exec(only(new RegExp(`^GRANT .* TO ${roleOf(user)} WITH REPLACE OPTION$`)))?.[1] ?? '';
        const [before = '', rest = ''] = text.split(`\n        <${user}>\n            <password`);
        return `${before}\n        <${user}>\n            <password${rest.replace(/<grants>[^]*?<\/grants>/, () => `<grants><query>GRANT ${rights}</query></grants>`)}`;
      }, xml)
    );
    const other = await startClickHouse({ dataDir: join(dir, 'data'), configDir, env: { ...env, ...ENV } });
    const otherOwner = createClient({ url: other.url, username: 'floorwatch_owner', password: 'o' });
    try {
      for (const user of USERS) {
        const grants = (client: ClickHouseClient): Promise<unknown[]> => rows(client, `SHOW GRANTS FOR \`${user}\``);
        const inFile = await grants(owner);
        expect(inFile.length, user).toBeGreaterThan(0);
        expect(await grants(otherOwner), user).toEqual(inFile);
      }
    } finally {
      await otherOwner.close();
      await other.stop();
      rmSync(dir, { recursive: true, force: true });
    }
  });

  test.each(['floorwatch_service', 'floorwatch_reader'])(
    'in the settings and limits of %s, and who has them',
    async (profile) => {
      const inFile = await rows<Record<string, string | null>>(
        owner,
        `SELECT setting_name, value, min, max, writability FROM system.settings_profile_elements WHERE profile_name = '${profile}' ORDER BY index`
      );
      const [, list = '', roles = ''] =
        /floorwatch_\w+ SETTINGS (.*) TO (.*)$/.exec(
          only(new RegExp(`^CREATE SETTINGS PROFILE OR REPLACE ${profile} `))
        ) ?? [];
      const inSql = list.split(', ').map((each) => {
        const match = /^(\w+) = (\S+?)(?: MIN (\S+))?(?: MAX (\S+))?( CONST)?$/.exec(each);
        const [, setting_name, value, min = null, max = null, isConst] = match ?? [];
        return { setting_name, value: value?.replaceAll("'", ''), min, max, writability: isConst ? 'CONST' : null };
      });
      expect(inFile).toEqual(inSql);
      const users = await rows<{ name: string }>(
        owner,
        `SELECT user_name AS name FROM system.settings_profile_elements WHERE inherit_profile = '${profile}' AND user_name != '' ORDER BY name`
      );
      expect(users.map(({ name }) => roleOf(name)).sort()).toEqual(roles.split(', ').sort());
    }
  );

  test('in quotas, and who has them', async () => {
    const [created] = await rows<Record<string, string>>(owner, 'SHOW CREATE QUOTA floorwatch_reader');
    const [inFile = '', users = ''] = Object.values(created ?? {})
      .join()
      .split(' TO ');
    const [inSql = '', roles = ''] = only(/^CREATE QUOTA /).split(' TO ');
    expect(inFile).toBe(inSql.replace(' OR REPLACE', ''));
    expect(users.replaceAll('`', '').split(', ').map(roleOf).sort()).toEqual(roles.split(', ').sort());
  });

  test('in row policies, except those for users that a file cannot have', async () => {
    const policies = await rows<{
      table: string;
      select_filter: string;
      is_restrictive: number;
      apply_to_list: string[];
    }>(
      owner,
      `SELECT concat(database, '.', table) AS table, select_filter, is_restrictive, apply_to_list FROM system.row_policies`
    );
    const inFile = await Promise.all(
      policies.map(async ({ table, select_filter, is_restrictive, apply_to_list }) => {
        const filter = (await formatted(owner, `SELECT ${select_filter}`)).replace(/^SELECT /, '');
        return `${apply_to_list.join()} ${table} ${is_restrictive} ${filter}`;
      })
    );
    const inSql = statements.flatMap((statement) => {
      const match =
        /^CREATE ROW POLICY OR REPLACE floorwatch_site ON (\S+) AS PERMISSIVE FOR SELECT USING (.*) TO (.*)$/.exec(
          statement
        );
      const [, table = '', filter = '', to] = match ?? [];
      const except = /^ALL EXCEPT (.*)$/.exec(to ?? '')?.[1]?.split(', ');
      const users = USERS.filter((user) =>
        except ? !except.includes(user) && !except.includes(roleOf(user)) : roleOf(user) === to
      );
      return match === null ? [] : users.map((user) => `${user} ${table} 0 ${filter}`);
    });
    expect(inSql.length).toBeGreaterThan(50);
    expect(inFile.sort()).toEqual(inSql.sort());
    const misnamed = statements.flatMap(
      (each) =>
        /POLICY OR REPLACE floorwatch_site_name ON warehouse\.(\w+) .* USING startsWith\(currentUser\(\), 'floorwatch_site_'\) TO floorwatch_sites_role$/.exec(
          each
        )?.[1] ?? []
    );
    const withMaps = statements.flatMap(
      (each) => /ON warehouse\.(\w+) .* USING startsWith.* AND .* TO floorwatch_sites_role$/.exec(each)?.[1] ?? []
    );
    expect([...misnamed, ...withMaps].sort()).toEqual([...SITE_VIEWS, 'telemetry_raw'].sort());
  });

  test('in what its removal names: every role, user, profile, quota and policy that it creates, and nothing else', async () => {
    const removal = removalStatements(accessTable(hashedPasswords(ENV, [SITE])));
    const dropped = await Promise.all(removal.map((statement) => formatted(owner, statement)));
    const created = statements.flatMap((statement) => {
      const [, kind, name, , table] =
        /^CREATE (ROLE|USER|QUOTA|SETTINGS PROFILE|ROW POLICY) (?:IF NOT EXISTS |OR REPLACE )(\S+)( ON (\S+))?/.exec(
          statement
        ) ?? [];
      return kind === undefined ? [] : [[kind, name, table].filter((word) => word !== undefined).join(' ')];
    });
    const names = dropped.map((statement) =>
      statement
        .replace(/^DROP /, '')
        .replace('IF EXISTS ', '')
        .replace(' ON ', ' ')
    );
    expect(new Set(names)).toEqual(new Set(created));
    expect(names.length).toBeGreaterThan(60);
  });

  test('is not applied where users are in a file, and migrate then works', async () => {
    expect(await applyAccess(owner, accessTable({ passwords: {} }), '')).toEqual({ kept: 'no right to manage users' });
  });
});

test('the file in sql/server is the one that the table gives', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'floorwatch-access-'));
  writeServerConfig(dir, []);
  const file = join(import.meta.dirname, '../../sql/server/users.d/floorwatch.xml');
  await expect(readFileSync(join(dir, 'users.d/floorwatch.xml'), 'utf8')).toMatchFileSnapshot(file);
  rmSync(dir, { recursive: true });
});

const [address] = (process.env['CLICKHOUSE_CLUSTER_URLS'] ?? '').split(',');

describe.skipIf(!address)(
  'on the server of CLICKHOUSE_CLUSTER_URLS (skipped: the process without Docker refuses users in SQL)',
  () => {
    const { username, password, origin } = new URL(
      address === '' || address === undefined ? 'http://localhost' : address
    );
    const admin = createClient({
      url: origin,
      username: decodeURIComponent(username),
      password: decodeURIComponent(password),
    });
    const passwords = Object.fromEntries(Object.keys(ENV).map((name) => [name, randomBytes(16).toString('hex')]));
    const as = async (user: string, variable: string, query: string): Promise<unknown> => {
      const client = createClient({ url: origin, username: user, password: passwords[variable] ?? '' });
      return rows(client, query).finally(() => client.close());
    };
    afterAll(() => admin.close());

    test('the SQL form is applied, again without a change, and its users can do what they must and no more', async () => {
      const table = accessTable(hashedPasswords(passwords, [SITE]));
      const first = await applyAccess(admin, table, '');
      expect(first).toEqual({ applied: accessStatements(table).length });
      expect(await applyAccess(admin, table, '')).toEqual(first);
      const owner = createClient({
        url: origin,
        username: 'floorwatch_owner',
        password: passwords['CLICKHOUSE_OWNER_PASSWORD'] ?? '',
      });
      await migrate(owner).finally(() => owner.close());
      const reader = (query: string): Promise<unknown> => as('floorwatch_reader', 'CLICKHOUSE_READER_PASSWORD', query);
      const site = (query: string): Promise<unknown> =>
        as(`floorwatch_site_${SITE}`, 'CLICKHOUSE_SITE_HALL_2_PASSWORD', query);
      await reader('SELECT * FROM warehouse.v_fleet_now LIMIT 1');
      await expect(reader('SELECT * FROM warehouse.robot_latest')).rejects.toThrow(/Not enough privileges/);
      await expect(reader('SELECT 1 SETTINGS log_queries = 0')).rejects.toThrow(/log_queries/);
      for (const view of SITE_VIEWS) await site(`SELECT * FROM warehouse.${view} LIMIT 1`);
      await expect(site('SELECT * FROM warehouse.v_pipeline')).rejects.toThrow(/Not enough privileges/);
      await expect(as('floorwatch_definer', '', 'SELECT 1')).rejects.toThrow(/Authentication failed/);
    });
  }
);

async function formatted(client: ClickHouseClient, statement: string): Promise<string> {
  const result = await client.query({
    query: 'SELECT formatQuerySingleLine({statement: String}) AS text',
    query_params: { statement },
    format: 'JSONEachRow',
  });
  const [row] = await result.json<{ text: string }>();
  return (row?.text ?? '').replaceAll('`', '');
}
