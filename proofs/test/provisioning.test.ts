import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HOSTILE } from '@floorwatch/contract/hostile-texts';
import type { Finding } from '@floorwatch/ingestor/check/finding';
import { grafanaFindings } from '@floorwatch/ingestor/check/grafana';
import { dataSourcesOf, PROVISIONING_VARIABLES } from '@floorwatch/ingestor/provisioning/variables';
import { startGrafana, type Grafana } from '@floorwatch/servers/grafana';
import { installedGrafana } from '@floorwatch/servers/grafana-home';
import { runIngestorCommand } from '@floorwatch/servers/ingestor';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { grafanaToken } from './grafana-token.ts';
import { startSmtpSink } from '../security/smtp-sink.ts';

const installation = installedGrafana();
const dir = mkdtempSync(join(tmpdir(), 'floorwatch-provisioning-'));
/** Every contact point at once. Nothing is sent there, because no alert fires. */
const settings = {
  ...Object.fromEntries(Object.keys(PROVISIONING_VARIABLES.shape).map((name) => [name, 'http://127.0.0.1:9/'])),
  ...{ GRAFANA_ORG_ID: '1', CLICKHOUSE_DATASOURCE_UID: '', PROMETHEUS_DATASOURCE_UID: '' },
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
    let smtp: Awaited<ReturnType<typeof startSmtpSink>>;
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
      smtp = await startSmtpSink();
      const alertingDir = join(dir, 'alerting');
      await runIngestorCommand('Alerts', ['provisioning', '--out', alertingDir], {
        env: settings,
        logFile: join(dir, 'log'),
      });
      const sources = { CLICKHOUSE_HOST: '127.0.0.1', CLICKHOUSE_HTTP_PORT: '9', CLICKHOUSE_READER_PASSWORD: 'x' };
      grafana = await startGrafana({
        ...{ installation, alertingDir, dataDir: join(dir, 'grafana'), adminPassword: 'admin' },
        env: { ...settings, ...sources, PROMETHEUS_URL: 'http://127.0.0.1:9' },
        settings: {
          GF_SMTP_ENABLED: 'true',
          GF_SMTP_HOST: `127.0.0.1:${smtp.port}`,
          GF_SMTP_FROM_ADDRESS: 'grafana@example.com',
        },
      });
    }, 300_000);
    afterAll(async () => {
      await grafana?.stop();
      smtp.stop();
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

    it('is checked by `ingestor check`, which names each part that does not work with its fix', async () => {
      const token = await grafanaToken(grafana?.url ?? '', 'admin');
      const findings = await grafanaFindings({
        grafana: { url: `${grafana?.url ?? ''}/`, token, dataSources: dataSourcesOf({}) },
      });
      const by = new Map(findings.map((finding) => [finding.check, finding]));
      for (const check of ['grafana', 'plugin floorwatch-fleet-app', 'plugin floorwatch-floormap-panel'])
        expect(by.get(check), check).toMatchObject({ status: 'ok' });
      expect(by.get('contact points')?.detail.split(', ').sort()).toEqual([
        'Floorwatch heartbeat',
        'Floorwatch on-call',
      ]);
      // ClickHouse and Prometheus do not run here.
      expect(by.get('data source floorwatch-clickhouse')).toMatchObject({
        status: 'failed',
        remedy: expect.stringContaining('CLICKHOUSE_HOST') as string,
      });
      expect(by.get('data source floorwatch-prometheus')).toMatchObject({ status: 'failed' });
      // Not evaluated yet, or with the error of a data source.
      expect(['warning', 'failed']).toContain(by.get('alert rules')?.status);
      // A token of a viewer is enough.
      const asViewer = await grafanaFindings({
        grafana: {
          url: `${grafana?.url ?? ''}/`,
          token: await grafanaToken(grafana?.url ?? '', 'admin', 'Viewer'),
          dataSources: dataSourcesOf({}),
        },
      });
      const lasting = (all: readonly Finding[]) => all.filter(({ check }) => check !== 'alert rules');
      expect(lasting(asViewer)).toEqual(lasting(findings));
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

    it('sends an e-mail in which texts of robots are text: no markup, no script, no link, no header, no recipient', async () => {
      const points = await api<{ uid: string; name: string; type: string; settings: object }[]>(
        '/api/v1/provisioning/contact-points'
      );
      const email = points.find(({ type, name }) => type === 'email' && name === 'Floorwatch on-call');
      const hostile = [...HOSTILE.map(({ text }) => text), 'amr-1\r\nBcc: thief@example.com\r\n\r\nx'];
      for (const text of hostile) {
        const { labels, annotations } = firing(text);
        await api('/api/alertmanager/grafana/config/api/v1/receivers/test', {
          receivers: [
            {
              name: 'test',
              grafana_managed_receiver_configs: [{ name: 'test', type: 'email', settings: email?.settings }],
            },
          ],
          alert: { labels: { ...labels, alertname: text, zone: text }, annotations },
        });
      }
      expect(smtp.mails).toHaveLength(hostile.length);
      const own = [
        'mime-version',
        'date',
        'subject',
        'content-type',
        'content-transfer-encoding',
        'from',
        'to',
        'message-id',
        'reply-to',
        'auto-submitted',
      ];
      for (const [i, { recipients, headers, body }] of smtp.mails.entries()) {
        const text = hostile[i];
        expect(recipients, text).toEqual(['on-call@example.com']);
        expect(
          [...headers.keys()].filter((name) => !own.includes(name)),
          text
        ).toEqual([]);
        expect(headers.get('content-type'), text).toMatch(/^text\/html/);
        expect(body, text).toContain('</html>');
        // No element, no event handler and no address of a script comes from a robot.
        expect(body.match(/<script|<img src=x|href="?\s*javascript:|<[a-z][^<>]*\son[a-z]+="/gi) ?? [], text).toEqual(
          []
        );
      }
      const [script] = smtp.mails.filter((_, i) => hostile[i]?.startsWith('<script>'));
      expect(script?.body).toContain('&lt;script&gt;window.hacked=1&lt;/script&gt;');
    });

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
      for (const text of [one.annotations.description, `Runbook: ${one.annotations.runbook_url}\n`])
        expect(message).toContain(text);
      // Each robot has a page of its own. What all alerts share is there once.
      const pagesOf = (text: string) => text.split('\n').filter((line) => line.startsWith('Page: '));
      const pages = robots.slice(0, 5).map((robot) => `Page: ${firing(robot).annotations.page_url}`);
      expect(pagesOf(message)).toEqual(pages);
      expect(pagesOf(await render('floorwatch.message', [one]))).toEqual(pages.slice(0, 1));
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
