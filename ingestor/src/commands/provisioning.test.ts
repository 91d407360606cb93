import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { provisioningCommand } from './provisioning.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'floorwatch-provisioning-command-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(dir, { recursive: true });
});

interface RulesFile {
  groups?: { orgId: number; name: string }[];
  deleteRules: { orgId: number; uid: string }[];
}

/** Its rules, and what it writes to standard error. */
async function run(env: Record<string, string>, ...args: string[]): Promise<{ rules: RulesFile; said: string }> {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  await provisioningCommand().parseAsync(['--out', dir, ...args], { from: 'user' });
  return {
    rules: parse(readFileSync(join(dir, 'rules.yaml'), 'utf8')) as RulesFile,
    said: stderr.mock.calls.map(([text]) => String(text)).join(''),
  };
}

test('without Prometheus in another organisation, it names each rule that it leaves out', async () => {
  const { rules, said } = await run({ PROMETHEUS_DATASOURCE_UID: 'none', GRAFANA_ORG_ID: '7' });
  expect(rules.groups?.map(({ name }) => name)).toEqual(['watchers', 'storage', 'robots', 'minutes']);
  expect(JSON.stringify(rules.groups)).toContain('floorwatch-ingestor-silent');
  expect(new Set([...(rules.groups ?? []), ...rules.deleteRules].map(({ orgId }) => orgId))).toEqual(new Set([7]));
  expect(said).toBe(
    'Without Prometheus, 7 rules are left out: Prometheus unreachable; Ingestor down; Kafka unreachable; ' +
      'Consumer lag; Consumer lag, long; Insert failures; Invalid events. ' +
      'Instead, Ingestor silent pages when no ingestor stores its offsets.\n'
  );
});

test('--remove needs only the organisation: a wrong value of another variable does not matter', async () => {
  const wrong = { GRAFANA_ROOT_URL: 'grafana', PROMETHEUS_DATASOURCE_UID: 'a b', ALERT_PLANNED_STOPS: 'always' };
  const { rules, said } = await run({ ...wrong, GRAFANA_ORG_ID: '7' }, '--remove');
  expect(rules.groups).toBeUndefined();
  expect(rules.deleteRules).toContainEqual({ orgId: 7, uid: 'floorwatch-ingestor-down' });
  expect(said).toBe('');
  await expect(run({ GRAFANA_ORG_ID: 'main' }, '--remove')).rejects.toThrow(
    /GRAFANA_ORG_ID: it must be a whole number/
  );
  await expect(run({ ...wrong, GRAFANA_ORG_ID: '7' })).rejects.toThrow(/GRAFANA_ROOT_URL.*PROMETHEUS_DATASOURCE_UID/);
});

test('--api writes each group as the body of one request, with the folder that it is for', async () => {
  vi.stubEnv('PROMETHEUS_DATASOURCE_UID', '');
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  await provisioningCommand().parseAsync(['--out', dir, '--api', 'their-folder'], { from: 'user' });
  const files = readdirSync(dir).sort();
  expect(files).toEqual(['minutes.json', 'pipeline.json', 'robots.json', 'storage.json', 'watchers.json']);
  const group = JSON.parse(readFileSync(join(dir, 'watchers.json'), 'utf8')) as { rules: Record<string, unknown>[] };
  expect(group).toMatchObject({ title: 'watchers', folderUid: 'their-folder', interval: 10 });
  expect(group.rules[0]).toMatchObject({
    ...{ uid: 'floorwatch-clickhouse-down', folderUID: 'their-folder', ruleGroup: 'watchers', keep_firing_for: '20s' },
  });
  expect(group.rules[0]).not.toHaveProperty('panelId');
});

test('--api names no contact point, because Grafana has none of ours, and leaves no group of an earlier run', async () => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  vi.stubEnv('ALERT_WEBHOOK_URL', 'https://example.com/hook');
  vi.stubEnv('ALERT_HEARTBEAT_URL', 'https://example.com/beat');
  const groups = async (prometheus: string): Promise<string[]> => {
    vi.stubEnv('PROMETHEUS_DATASOURCE_UID', prometheus);
    await provisioningCommand().parseAsync(['--out', dir, '--api', 'their-folder'], { from: 'user' });
    return readdirSync(dir).sort();
  };
  writeFileSync(join(dir, 'theirs.json'), '{}');
  expect(await groups('')).toContain('pipeline.json');
  const files = await groups('none');
  expect(files).toEqual(['minutes.json', 'robots.json', 'storage.json', 'theirs.json', 'watchers.json']);
  for (const file of files) expect(readFileSync(join(dir, file), 'utf8'), file).not.toContain('notification_settings');
});

test('--api says which title the folder needs: the pages and the planned stops of the app find its alerts by it', () => {
  expect(provisioningCommand().helpInformation().replaceAll(/\s+/g, ' ')).toContain('whose title must be Floorwatch');
});
