import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROVISIONING_VARIABLES } from '@floorwatch/ingestor/provisioning/variables';
import { startGrafana, type Grafana } from '@floorwatch/servers/grafana';
import { installedGrafana } from '@floorwatch/servers/grafana-home';
import { runIngestorCommand } from '@floorwatch/servers/ingestor';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const installation = installedGrafana();
const dir = mkdtempSync(join(tmpdir(), 'floorwatch-provisioning-'));
/** Every contact point at once. Nothing is sent there, because no alert fires. */
const settings = {
  ...Object.fromEntries(Object.keys(PROVISIONING_VARIABLES.shape).map((name) => [name, 'http://127.0.0.1:9/'])),
  ALERT_EMAIL_TO: 'on-call@example.com',
  ALERT_TELEGRAM_CHAT: '-100123',
  ALERT_TELEGRAM_TOKEN: '123:abc',
  ALERT_PLANNED_STOPS: 'saturday:sunday 00:00-24:00 Europe/Berlin; 22:00-24:00',
};

const firing = (robot: string) => ({
  status: 'firing',
  labels: { alertname: 'Telemetry drop-off', severity: 'warning', robot_id: robot },
  annotations: {
    detail: `${robot} has sent nothing for 2m 10s. Last place: Storage B, hall, berlin.`,
    description: 'Nobody sees it. First: Open its page.',
    runbook_url: 'http://grafana/a/floorwatch-fleet-app/runbooks/telemetry-dropoff',
    page_url: `http://grafana/a/floorwatch-fleet-app/fleet?var-robot=${robot}`,
  },
  startsAt: '2026-11-20T03:12:00Z',
});

describe.skipIf(installation === null)(
  'a real Grafana with every contact point (skipped if Grafana is not installed)',
  () => {
    let grafana: Grafana | undefined;
    const api = async <T>(path: string, body?: object): Promise<T> => {
      const headers = {
        authorization: `Basic ${Buffer.from('admin:admin').toString('base64')}`,
        'content-type': 'application/json',
      };
      const response = await fetch(`${grafana?.url ?? ''}${path}`, {
        headers,
        ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
      });
      const text = await response.text();
      expect(response.ok, `${path}: ${text}`).toBe(true);
      return JSON.parse(text) as T;
    };

    beforeAll(async () => {
      if (installation === null) return;
      const alertingDir = join(dir, 'alerting');
      await runIngestorCommand('Alerts', ['provisioning', '--out', alertingDir], {
        env: settings,
        logFile: join(dir, 'log'),
      });
      const sources = { CLICKHOUSE_HOST: '127.0.0.1', CLICKHOUSE_HTTP_PORT: '9', CLICKHOUSE_READER_PASSWORD: 'x' };
      grafana = await startGrafana({
        ...{ installation, alertingDir, dataDir: join(dir, 'grafana'), adminPassword: 'admin' },
        env: { ...settings, ...sources, PROMETHEUS_URL: 'http://127.0.0.1:9' },
      });
    }, 300_000);
    afterAll(async () => {
      await grafana?.stop();
      rmSync(dir, { recursive: true });
    });

    it('loads each of them', async () => {
      const points = await api<{ name: string; type: string }[]>('/api/v1/provisioning/contact-points');
      const ours = points
        .filter(({ name }) => name.startsWith('Floorwatch'))
        .map(({ name, type }) => `${name}: ${type}`);
      const onCall = ['email', 'opsgenie', 'pagerduty', 'slack', 'teams', 'telegram', 'webhook'];
      expect(ours.sort()).toEqual([
        'Floorwatch heartbeat: webhook',
        ...onCall.map((type) => `Floorwatch on-call: ${type}`),
      ]);
      expect(await api('/api/v1/provisioning/mute-timings')).toMatchObject([{ name: 'Floorwatch planned stops' }]);
    });

    it("leaves the organisation's notification policies as they are", async () => {
      const policy = await api<{ receiver: string; routes?: unknown[] }>('/api/v1/provisioning/policies');
      expect(policy.receiver).not.toContain('Floorwatch');
      expect(policy.routes ?? []).toEqual([]);
    });

    it('routes each rule to its contact point, as one group per rule, and marks it as one of the plugin', async () => {
      const rules = await api<{ uid: string; labels: object; notification_settings: object }[]>(
        '/api/v1/provisioning/alert-rules'
      );
      expect(rules.length).toBeGreaterThan(10);
      for (const rule of rules) {
        const receiver = rule.uid === 'floorwatch-watchdog' ? 'Floorwatch heartbeat' : 'Floorwatch on-call';
        expect(rule.notification_settings, rule.uid).toMatchObject({
          receiver,
          group_by: ['grafana_folder', 'alertname'],
        });
        expect(rule.labels).toHaveProperty('__grafana_origin', 'plugin/floorwatch-fleet-app');
      }
    });

    const render = async (name: string, alerts: readonly object[]): Promise<string> => {
      const templates = await api<{ name: string; template: string }[]>('/api/v1/provisioning/templates');
      const template = templates.find((each) => each.name === name)?.template;
      const { results, errors } = await api<{ results: { text: string }[] | null; errors: unknown }>(
        '/api/alertmanager/grafana/config/api/v1/templates/test',
        { alerts, template, name }
      );
      expect(errors ?? []).toEqual([]);
      return results?.[0]?.text ?? '';
    };

    it('renders a notification that says what, where, since when and what to do', async () => {
      const robots = ['amr-1', 'amr-2', 'amr-3', 'amr-4', 'amr-5', 'amr-6'];
      const one = firing('amr-1');
      expect(await render('floorwatch.title', [one])).toBe(`WARNING: ${one.annotations.detail}`);
      expect(await render('floorwatch.title', robots.map(firing))).toBe(
        `WARNING: ${one.annotations.detail} (6 alerts)`
      );
      const message = await render('floorwatch.message', robots.map(firing));
      expect(message).toContain(`${one.annotations.detail} Since 20 Nov 03:12 UTC.`);
      expect(message).toContain('In total 6 alerts.');
      expect(message).not.toContain('amr-6');
      for (const text of [one.annotations.description, one.annotations.runbook_url, one.annotations.page_url])
        expect(message).toContain(text);
      const resolved = { ...one, status: 'resolved', endsAt: '2026-11-20T03:20:00Z' };
      expect(await render('floorwatch.title', [resolved])).toBe('RESOLVED: Telemetry drop-off');
    });

    it('a new page does not repeat what was resolved before it began', async () => {
      const before = { ...firing('amr-1'), status: 'resolved', endsAt: '2026-11-20T03:20:00Z' };
      const later = { ...firing('amr-2'), startsAt: '2026-11-20T03:30:00Z' };
      const whileFiring = firing('amr-3');
      expect(await render('floorwatch.message', [later, before])).not.toContain('Resolved');
      expect(await render('floorwatch.message', [later, whileFiring, before])).toContain('Resolved 20 Nov 03:20 UTC');
      expect(await render('floorwatch.message', [before])).toContain('Resolved 20 Nov 03:20 UTC');
    });
  }
);
