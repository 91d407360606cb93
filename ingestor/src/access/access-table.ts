import { DATABASES, definerRights } from './definer-rights.ts';
import { READER_PROFILE, READER_QUOTA, SERVICE_PROFILE, type Profile, type Quota } from './profiles.ts';
import { IS_A_SITE_READER, MAP_POLICIES, SITE_VIEWS, sitePolicies, siteReaderName } from './sites.ts';

/** Who can do what. Each role has one user, called the same without `_role`. Each site has a site reader. */
export interface Role {
  name: string;
  /** In the syntax of `GRANT`, without GRANT and TO. */
  rights: readonly string[];
  profile: Profile;
  quota?: Quota;
}

export interface AccessUser {
  name: string;
  role: Role;
  /** SHA-256 of the password in hex, or the variable that has it when the server starts. Null: nobody can log in as this user. */
  passwordSha256: string | { fromEnv: string } | null;
}

export interface RowPolicy {
  database: string;
  table: string;
  condition: string;
  /**
   * - `everyone`: all users, also floorwatch_definer, but not floorwatch_locator
   * - `not site readers`: the same, but not site readers. They have no right on these tables, and on a cluster ClickHouse
   *   applies the policies of the user who asks also where a view runs as floorwatch_locator: that would never end.
   * - `site readers`: the role of site readers
   * - `misnamed`: the same, to show nothing to a user who has this role and not the name of a site reader. The users file has
   *   no roles, so it cannot have such a user.
   */
  kind: 'everyone' | 'not site readers' | 'site readers' | 'misnamed';
}

const onBoth = (...rights: readonly string[]): string[] =>
  DATABASES.flatMap((database) => rights.map((right) => right.replace(' ON ', ` ON ${database}.`)));

const EVENT_KEYS = 'robot_id, ts, event_id, topic, partition, offset, source, received_at';
const DEAD_LETTER_KEYS = 'topic, partition, offset, part, reason, received_at, source, content';
/** What the original dashboard queries name. `meta` may have personal fields: see v_events. */
const ORIGINAL_COLUMNS = 'event_id, robot_id, ts, event_type, task_id, x, y, battery, error_code, received_at';

const MERGE_TREES = ['MergeTree', 'ReplacingMergeTree', 'AggregatingMergeTree'];
const TABLE_ENGINES = [
  ...MERGE_TREES,
  ...MERGE_TREES.map((name) => `Replicated${name}`),
  'Distributed',
  'Kafka',
  'Memory',
  'Null',
];

const ALL_OF_A_DATABASE =
  'SHOW, SELECT, INSERT, ALTER, CREATE DATABASE, CREATE TABLE, CREATE VIEW, DROP DATABASE, DROP TABLE, DROP VIEW, TRUNCATE, OPTIMIZE, BACKUP';

/** Migrates, repairs, backfills, backs up. */
const OWNER: Role = {
  name: 'floorwatch_owner_role',
  profile: SERVICE_PROFILE,
  rights: [
    ...onBoth(
      `${ALL_OF_A_DATABASE} ON *`,
      'SYSTEM VIEWS, SYSTEM MERGES, SYSTEM TTL MERGES, SYSTEM MOVES, SYSTEM SYNC REPLICA, SYSTEM RESTART REPLICA, SYSTEM FLUSH DISTRIBUTED ON *'
    ),
    // where `ingestor restore` prepares a backup before it takes the place of the live database
    `${ALL_OF_A_DATABASE} ON warehouse_restore.*`,
    ...TABLE_ENGINES.map((engine) => `TABLE ENGINE ON ${engine}`),
    'SELECT ON system.*',
    'SHOW ACCESS ON *.*',
    'CLUSTER ON *.*',
    'SYSTEM FLUSH LOGS ON *.*',
    'SET DEFINER ON floorwatch_definer',
    'SET DEFINER ON floorwatch_locator',
    'NAMED COLLECTION ON floorwatch_kafka',
  ],
};

/** The ingestor. It can read only what a retry, a replay, an enrichment and `ingestor check` look up. */
const WRITER: Role = {
  name: 'floorwatch_writer_role',
  profile: SERVICE_PROFILE,
  rights: onBoth(
    `INSERT, SELECT(${EVENT_KEYS}) ON telemetry_raw`,
    'INSERT ON stored_ranges',
    `INSERT, SELECT(${DEAD_LETTER_KEYS}) ON dead_letters`,
    'INSERT, SELECT(map_id, site_id, name, checksum) ON floor_plans',
    'INSERT, SELECT(map_id, zone_id) ON zones',
    'INSERT, SELECT(map_id, lane_id) ON lanes',
    'INSERT, SELECT(map_id, station_id) ON stations',
    'INSERT ON path_offsets',
    'SELECT ON robots',
    'SELECT ON schema_migrations',
    'SHOW TABLES ON *'
  ),
};

/** Grafana. */
const READER: Role = {
  name: 'floorwatch_reader_role',
  profile: READER_PROFILE,
  quota: READER_QUOTA,
  rights: [
    'SELECT ON warehouse.v_*',
    'SELECT ON warehouse.task_events_mv',
    ...onBoth(`SELECT(${ORIGINAL_COLUMNS}) ON telemetry_raw`),
  ],
};

/** Grafana of one site. */
const SITE_READER: Role = {
  name: 'floorwatch_sites_role',
  profile: READER_PROFILE,
  quota: READER_QUOTA,
  rights: [
    ...SITE_VIEWS.map((view) => `SELECT ON warehouse.${view}`),
    // On a cluster, also the column that the row policy reads.
    ...onBoth(`SELECT(${ORIGINAL_COLUMNS}, site_id) ON telemetry_raw`),
  ],
};

/** Views run as this user, so that their readers need no right on a table. */
const DEFINER: Role = {
  name: 'floorwatch_definer_role',
  profile: SERVICE_PROFILE,
  rights: definerRights('floorwatch_definer'),
};

/** The view that policies read runs as this user, which has no policy. */
const LOCATOR: Role = {
  name: 'floorwatch_locator_role',
  profile: SERVICE_PROFILE,
  rights: definerRights('floorwatch_locator'),
};

const user = (role: Role, passwordSha256: AccessUser['passwordSha256']): AccessUser => ({
  name: role.name.replace(/_role$/, ''),
  role,
  passwordSha256,
});

export interface AccessOptions {
  /** SHA-256 of passwords in hex. Without one, the user is left out. The users that views run as are always there. */
  passwords: Partial<Record<'owner' | 'writer' | 'reader', AccessUser['passwordSha256']>>;
  sites?: readonly { site: string; passwordSha256: AccessUser['passwordSha256'] }[];
}

export interface AccessTable {
  roles: readonly Role[];
  users: readonly AccessUser[];
  policies: readonly RowPolicy[];
}

/** The one table of roles, users, rights, profiles, quotas and row policies. users-file.ts and access-sql.ts write it down. */
export function accessTable({ passwords, sites = [] }: AccessOptions): AccessTable {
  const known = [
    [OWNER, passwords.owner],
    [WRITER, passwords.writer],
    [READER, passwords.reader],
  ] as const;
  return {
    roles: [OWNER, WRITER, READER, SITE_READER, DEFINER, LOCATOR],
    users: [
      ...known.flatMap(([role, password]) => (password === undefined ? [] : [user(role, password)])),
      ...sites.map(({ site, passwordSha256 }) => ({ name: siteReaderName(site), role: SITE_READER, passwordSha256 })),
      user(DEFINER, null),
      user(LOCATOR, null),
    ],
    policies: rowPolicies(),
  };
}

function rowPolicies(): RowPolicy[] {
  const of = (database: string, policies: Readonly<Record<string, string>>, kind: RowPolicy['kind']): RowPolicy[] =>
    Object.entries(policies).map(([table, condition]) => ({ database, table, condition, kind }));
  const readable = [...SITE_VIEWS, 'telemetry_raw'].filter((name) => !(name in MAP_POLICIES));
  return [
    // On a cluster, ClickHouse applies only the policies of a shard's own tables.
    ...DATABASES.flatMap((database) => {
      const { telemetry_raw, ...others } = sitePolicies(database);
      return [...of(database, { telemetry_raw }, 'everyone'), ...of(database, others, 'not site readers')];
    }),
    ...of('warehouse', MAP_POLICIES, 'site readers'),
    ...of('warehouse', Object.fromEntries(readable.map((name) => [name, IS_A_SITE_READER])), 'misnamed'),
  ];
}
