import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createContext } from '@floorwatch/demo/stack/context';
import { resolvePasswords } from '@floorwatch/demo/stack/passwords';
import { onFreePorts, parseStackSettings, type StackSettings } from '@floorwatch/demo/stack/settings';
import { startStack } from '@floorwatch/demo/stack/start-stack';
import { stopAllChildren } from '@floorwatch/servers/child';
import { findGrafana } from '@floorwatch/servers/grafana-home';
import { publishWorld, skipAll } from './world.ts';

/**
 * Starts the whole stack on free ports in a temporary folder, without the simulated fleet, because the tests have their own
 * robots. If Grafana is not installed, every test is skipped with this reason. @returns the teardown
 */
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  const settings = await onFreePorts(parseStackSettings(process.env));
  if (settings.external.grafanaUrl === undefined && !hasGrafana(settings)) return undefined;

  const stateDir = mkdtempSync(join(tmpdir(), 'floorwatch-e2e-'));
  const context = createContext(settings, resolvePasswords(process.env, join(stateDir, 'passwords.env')), stateDir);
  const say = (line: string): void => {
    console.log(`[stack] ${line}`);
  };
  const { supervisor, started } = startStack(context, { say, fleet: false, watch: false, plugin: 'build' });
  const tearDown = async (): Promise<void> => {
    await supervisor.stop();
    await stopAllChildren();
    if (process.env['KEEP_E2E_STATE'] === undefined) rmSync(stateDir, { recursive: true, force: true });
  };
  await started;
  const missing = supervisor.statuses().filter(({ state }) => state === 'not started' || state === 'ended');
  if (missing.length > 0) {
    await tearDown();
    throw new Error(`The stack is incomplete: ${missing.map(({ name }) => name).join(', ')} did not start`);
  }
  publishWorld({
    grafanaUrl: context.grafanaUrl,
    clickHouseUrl: context.clickHouseUrl,
    kafkaBrokers: context.kafkaBrokers,
    topic: settings.topic,
    grafanaAdminPassword: context.passwords.GRAFANA_ADMIN_PASSWORD,
    clickHouseReaderPassword: context.passwords.CLICKHOUSE_READER_PASSWORD,
    clickHouseOwnerPassword: context.passwords.CLICKHOUSE_OWNER_PASSWORD,
  });
  return tearDown;
}

function hasGrafana(settings: StackSettings): boolean {
  try {
    findGrafana(settings.grafana);
    return true;
  } catch (error) {
    skipAll('no Grafana found');
    console.log(`skipped: no Grafana found (${(error as Error).message})`);
    return false;
  }
}
