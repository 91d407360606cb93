import type { AccessTable, AccessUser, Role, RowPolicy } from './access-table.ts';
import { NO_PASSWORD } from './password-hashes.ts';
import { sitePolicies } from './sites.ts';
import type { Profile, ProfileSetting, Quota } from './profiles.ts';

const SQL_NAMES: Readonly<Record<RowPolicy['kind'], string>> = {
  everyone: 'ALL EXCEPT floorwatch_locator',
  'not site readers': 'ALL EXCEPT floorwatch_locator, floorwatch_sites_role',
  'site readers': 'floorwatch_sites_role',
  misnamed: 'floorwatch_sites_role',
};
const HAS_SITES: ReadonlySet<string> = new Set(Object.keys(sitePolicies('warehouse')));

/**
 * The table as statements for servers whose users are in SQL: ClickHouse Cloud, the Kubernetes operator, servers with users of
 * their own. Each can run again. Each replaces what it names in one step, so that no user is without rights or limits in between.
 * A user keeps rights and roles that were added to it; the role has only those of the table.
 * @param onCluster ` ON CLUSTER 'name'`, or empty
 */
export function accessStatements({ roles, users, policies }: AccessTable, onCluster = ''): string[] {
  const quotas = new Map(roles.flatMap(({ quota }) => (quota ? [[quota.name, quota] as const] : [])));
  const profiles = new Map(roles.map(({ profile }) => [profile.name, profile]));
  const withQuota = (name: string): Role[] => roles.filter(({ quota }) => quota?.name === name);
  const withProfile = (name: string): Role[] => roles.filter(({ profile }) => profile.name === name);
  return [
    ...roles.map(({ name }) => `CREATE ROLE IF NOT EXISTS ${name}${onCluster}`),
    ...[...profiles.values()].map((profile) => profileSql(profile, withProfile(profile.name), onCluster)),
    ...[...quotas.values()].map((quota) => quotaSql(quota, withQuota(quota.name), onCluster)),
    ...users.flatMap((user) => userSql(user, onCluster)),
    // Before the rights, so that no site reader can read a new view without its policy.
    ...policies.map((policy) => policySql(policy, onCluster)),
    ...roles.map(({ name, rights }) => `GRANT${onCluster} ${rights.join(', ')} TO ${name} WITH REPLACE OPTION`),
    ...users.map(({ name, role }) => `GRANT${onCluster} ${role.name} TO ${quoted(name)}`),
  ];
}

/** Statements that remove what `accessStatements` creates. Each can run again. */
export function removalStatements({ roles, users, policies }: AccessTable, onCluster = ''): string[] {
  const drop = (kind: string, names: readonly string[]): string[] =>
    [...new Set(names)].map((name) => `DROP ${kind} IF EXISTS ${quoted(name)}${onCluster}`);
  return [
    ...policies.map(
      (policy) => `DROP ROW POLICY IF EXISTS ${policyName(policy)} ON ${policy.database}.${policy.table}${onCluster}`
    ),
    ...drop(
      'USER',
      users.map(({ name }) => name)
    ),
    ...drop(
      'ROLE',
      roles.map(({ name }) => name)
    ),
    ...drop(
      'QUOTA',
      roles.flatMap(({ quota }) => (quota ? [quota.name] : []))
    ),
    ...drop(
      'SETTINGS PROFILE',
      roles.map(({ profile }) => profile.name)
    ),
  ];
}

function profileSql({ name, settings }: Profile, roles: readonly Role[], onCluster: string): string {
  const list = Object.entries(settings).map(([setting, limits]) => settingSql(setting, limits));
  return `CREATE SETTINGS PROFILE OR REPLACE ${name}${onCluster} SETTINGS ${list.join(', ')} TO ${namesOf(roles)}`;
}

function settingSql(setting: string, { value, min, max, isConst }: ProfileSetting): string {
  return [
    `${setting} = ${typeof value === 'string' ? `'${value}'` : value}`,
    ...(min === undefined ? [] : [`MIN ${min}`]),
    ...(max === undefined ? [] : [`MAX ${max}`]),
    ...(isConst ? ['CONST'] : []),
  ].join(' ');
}

function quotaSql({ name, intervals }: Quota, roles: readonly Role[], onCluster: string): string {
  const list = intervals.map(({ seconds, limits }) => {
    const most = Object.entries(limits).map(([resource, limit]) => `${resource} = ${limit}`);
    return `FOR INTERVAL ${seconds} second MAX ${most.join(', ')}`;
  });
  return `CREATE QUOTA OR REPLACE ${name}${onCluster} KEYED BY user_name ${list.join(', ')} TO ${namesOf(roles)}`;
}

function policyName({ kind }: RowPolicy): string {
  return kind === 'misnamed' ? 'floorwatch_site_name' : 'floorwatch_site';
}

function policySql(policy: RowPolicy, onCluster: string): string {
  const { database, table, condition, kind } = policy;
  const to = SQL_NAMES[kind];
  // A restrictive policy needs a permissive one beside it.
  const mode = kind === 'misnamed' && HAS_SITES.has(table) ? 'RESTRICTIVE' : 'PERMISSIVE';
  return `CREATE ROW POLICY OR REPLACE ${policyName(policy)}${onCluster} ON ${database}.${table} AS ${mode} FOR SELECT USING ${condition} TO ${to}`;
}

function userSql({ name, passwordSha256 }: AccessUser, onCluster: string): string[] {
  if (typeof passwordSha256 === 'object' && passwordSha256 !== null)
    throw new Error(`The SQL form has no variables: ${name} needs the SHA-256 of its password.`);
  const login =
    passwordSha256 === null
      ? `IDENTIFIED WITH sha256_hash BY '${NO_PASSWORD}' HOST NONE`
      : `IDENTIFIED WITH sha256_hash BY '${passwordSha256}' HOST ANY`;
  return [
    `CREATE USER IF NOT EXISTS ${quoted(name)}${onCluster} ${login}`,
    `ALTER USER ${quoted(name)}${onCluster} ${login}`,
  ];
}

function namesOf(roles: readonly Role[]): string {
  return roles.map(({ name }) => name).join(', ');
}

function quoted(name: string): string {
  return /^\w+$/.test(name) ? name : `\`${name}\``;
}
