import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault, Injected, Target } from './fault.ts';
import { ZONES } from './fleet.ts';

const ALERTMANAGER = '/api/alertmanager/grafana/api/v2';
const SUPPRESSED_WITHIN_MS = 180_000;

interface StopScope {
  kind: 'robots';
  robots: readonly { robotId: string; site: string }[];
}

/** What the app's dialog sends, loaded at run time, because the plugin is compiled as another kind of module. */
async function matchersOf(scope: StopScope): Promise<object[][]> {
  const { href } = new URL('../../plugin/src/pages/maintenance/silences.ts', import.meta.url);
  const silences = (await import(href)) as { matchersOf: (scope: StopScope) => object[][] };
  return silences.matchersOf(scope);
}

interface ListedAlert {
  labels: Record<string, string>;
  status: { state: string };
}

/** Robots stop while the app's planned stop silences them. Nobody must be paged, although their alert fires. */
function plannedStop(name: string, alert: string, choose: (target: Target) => StopScope): Fault {
  return {
    name,
    expects: null,
    holdsAfterSeconds: 0,
    inject: async (target) => {
      const scope = choose(target);
      const { grafanaUrl } = target.stack;
      const now = Date.now();
      for (const matchers of await matchersOf(scope)) {
        const times = { startsAt: new Date(now).toISOString(), endsAt: new Date(now + 3_600_000).toISOString() };
        await ask(grafanaUrl, '/silences', { matchers, ...times, comment: name, createdBy: 'admin' });
      }
      const ids = scope.robots.map(({ robotId }) => robotId);
      for (const robot of target.fleet.robots) if (ids.includes(robot.robotId)) robot.isSilent = true;
      await suppressed(grafanaUrl, alert);
      return { names: [], fix: heal(target) };
    },
  };
}

const heal =
  ({ fleet }: Target): Injected['fix'] =>
  () => {
    fleet.heal();
    return Promise.resolve();
  };

/** Otherwise a quiet pager would prove nothing. */
async function suppressed(grafanaUrl: string, alert: string): Promise<void> {
  const endMs = Date.now() + SUPPRESSED_WITHIN_MS;
  while (Date.now() < endMs) {
    const listed = (await ask(grafanaUrl, '/alerts?silenced=true&active=true')) as ListedAlert[];
    if (listed.some(({ labels, status }) => labels['alertname'] === alert && status.state === 'suppressed')) return;
    await sleep(2_000);
  }
  throw new Error(
    `${alert} was not suppressed within ${SUPPRESSED_WITHIN_MS / 1000} s: it does not fire, or it is not silenced`
  );
}

async function ask(grafanaUrl: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(`${grafanaUrl}${ALERTMANAGER}${path}`, {
    headers: { authorization: `Basic ${btoa('admin:admin')}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`Grafana answered ${path} with ${response.status}: ${await response.text()}`);
  return response.json();
}

export const PLANNED: readonly Fault[] = [
  plannedStop('planned-stop-of-a-robot', 'Telemetry drop-off', ({ fleet, random }) => {
    const { robotId, site } = random.pick(fleet.robots);
    return { kind: 'robots', robots: [{ robotId, site }] };
  }),
  plannedStop('planned-stop-of-a-zone', 'Group of robots silent', ({ fleet, random }) => {
    const { zone } = random.pick(ZONES);
    return { kind: 'robots', robots: fleet.robots.filter((robot) => robot.zone === zone) };
  }),
];

/** An installation without Prometheus has one rule that sees its ingestor. */
export const WITHOUT_PROMETHEUS: Fault = {
  name: 'stop-ingestor-without-prometheus',
  expects: 'Ingestor silent',
  holdsAfterSeconds: 60,
  prepare: async ({ stack }) => {
    await stack.provisionAlerts({ PROMETHEUS_DATASOURCE_UID: 'none' });
    return () => stack.provisionAlerts({});
  },
  inject: async ({ stack }) => {
    await stack.kill('ingestor');
    return { names: ['cannot read Kafka or write to ClickHouse'], fix: () => stack.start('ingestor') };
  },
};
