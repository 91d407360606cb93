import type { AccessTable, AccessUser } from './access-table.ts';
import { NO_PASSWORD } from './password-hashes.ts';
import type { Profile, ProfileSetting, Quota } from './profiles.ts';

/**
 * The table as a file for the server's users.d. It adds users, profiles and quotas, and leaves those of the server as they are.
 * Row policies are written per user, because the file has no others.
 */
export function usersFile(table: AccessTable): string {
  const profiles = new Map(table.roles.map(({ profile }) => [profile.name, profile]));
  const quotas = new Map(table.roles.flatMap(({ quota }) => (quota ? [[quota.name, quota] as const] : [])));
  return [
    '<!-- Written by the ingestor (sql/README.md, Users and rights). Change ingestor/src/access/, not this file. -->',
    '<clickhouse>',
    '    <profiles>',
    ...[...profiles.values()].flatMap(profileXml),
    '    </profiles>',
    '    <quotas>',
    ...[...quotas.values()].flatMap(quotaXml),
    '    </quotas>',
    '    <users>',
    ...table.users.flatMap((user) => userXml(user, table)),
    '    </users>',
    '</clickhouse>',
    '',
  ].join('\n');
}

function profileXml({ name, settings }: Profile): string[] {
  const entries = Object.entries(settings);
  const constraints = entries.flatMap(([setting, limits]) => constraintXml(setting, limits));
  return [
    `        <${name}>`,
    ...entries.map(([setting, { value }]) => `            <${setting}>${value}</${setting}>`),
    '            <constraints>',
    ...constraints.map((line) => `                ${line}`),
    '            </constraints>',
    `        </${name}>`,
  ];
}

function constraintXml(setting: string, { min, max, isConst }: ProfileSetting): string[] {
  const limits = [
    ...(min === undefined ? [] : [`<min>${min}</min>`]),
    ...(max === undefined ? [] : [`<max>${max}</max>`]),
    ...(isConst ? ['<readonly/>'] : []),
  ];
  return limits.length > 0 ? [`<${setting}>${limits.join('')}</${setting}>`] : [];
}

function quotaXml({ name, intervals }: Quota): string[] {
  return [
    `        <${name}>`,
    ...intervals.flatMap(({ seconds, limits }) => [
      '            <interval>',
      `                <duration>${seconds}</duration>`,
      ...Object.entries(limits).map(([resource, most]) => `                <${resource}>${most}</${resource}>`),
      '            </interval>',
    ]),
    `        </${name}>`,
  ];
}

function userXml(user: AccessUser, table: AccessTable): string[] {
  const { name, role, passwordSha256 } = user;
  const canLogIn = passwordSha256 !== null;
  const password =
    typeof passwordSha256 === 'object' && canLogIn
      ? `<password_sha256_hex from_env="${passwordSha256.fromEnv}"/>`
      : `<password_sha256_hex>${passwordSha256 ?? NO_PASSWORD}</password_sha256_hex>`;
  return [
    `        <${name}>`,
    `            ${password}`,
    // Who can reach the server is decided by its listen address and the network.
    canLogIn ? '            <networks><ip>::/0</ip></networks>' : '            <networks replace="replace"/>',
    `            <profile>${role.profile.name}</profile>`,
    ...(role.quota ? [`            <quota>${role.quota.name}</quota>`] : []),
    '            <grants>',
    ...role.rights.map((right) => `                <query>GRANT ${escapeXml(right)}</query>`),
    '            </grants>',
    ...(name === 'floorwatch_locator' ? [] : policiesXml(role.name === 'floorwatch_sites_role', table)),
    `        </${name}>`,
  ];
}

function policiesXml(isSiteReader: boolean, { policies }: AccessTable): string[] {
  const own = policies.filter(
    ({ kind }) => kind === 'everyone' || kind === (isSiteReader ? 'site readers' : 'not site readers')
  );
  const databases = [...new Set(own.map(({ database }) => database))];
  return [
    '            <databases>',
    ...databases.flatMap((database) => [
      `                <${database}>`,
      ...own
        .filter((policy) => policy.database === database)
        .map(
          ({ table, condition }) => `                    <${table}><filter>${escapeXml(condition)}</filter></${table}>`
        ),
      `                </${database}>`,
    ]),
    '            </databases>',
  ];
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
