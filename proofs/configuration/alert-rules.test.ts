import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createMetrics } from '@floorwatch/ingestor/metrics/metrics';
import { describe, expect, it } from 'vitest';
import { readCompose, readText, REPOSITORY } from './compose-file.ts';
import { alertingFiles, alertingFilesWithoutPrometheus, dashboards } from './provisioning-files.ts';

const files = alertingFiles();
const groups = files.flatMap((file) => file.groups ?? []);
const usual = groups.flatMap((group) => group.rules);
const others = alertingFilesWithoutPrometheus().flatMap((file) => (file.groups ?? []).flatMap((group) => group.rules));
/** Of both kinds of installations. */
const rules = [...usual, ...others.filter(({ uid }) => !usual.some((rule) => rule.uid === uid))];
const contactPoints = files.flatMap((file) => file.contactPoints ?? []);
const cases = rules.map((rule) => [rule.uid, rule] as const);

describe.each(cases)('alert rule %s', (_, rule) => {
  const { annotations, labels, data } = rule;

  it('has a severity, a team and the mark of the plugin', () => {
    const byRow = data.some(({ model }) => model.rawSql?.includes(' severity'));
    if (!byRow) expect(['critical', 'warning']).toContain(labels['severity']);
    // A label of the rule would hide the one of the row.
    else expect(labels).not.toHaveProperty('severity');
    expect(['data', 'operations']).toContain(labels['team']);
    expect(labels['__grafana_origin']).toBe('plugin/floorwatch-fleet-app');
  });

  it('has a summary and a description without templates, because the list of Grafana does not render them', () => {
    for (const name of ['summary', 'description', 'runbook_url']) {
      expect(annotations[name], name).toBeTruthy();
      expect(annotations[name], name).not.toContain('{{');
    }
    expect(annotations['description']).toContain(' First: ');
  });

  it('says in one line without branches what is wrong', () => {
    expect(annotations['detail']).toMatch(/\.$/);
    expect(annotations['detail']).not.toMatch(/{{-? *(if|with|else|range)/);
  });

  it('names in its texts only labels and values that its queries return', () => {
    const texts = [annotations['detail'], annotations['page_url']].join(' ');
    const labelled = data
      .map(({ model }) => `${model.rawSql ?? ''} ${[...(model.expr ?? '').matchAll(/by \(([^)]*)\)/g)].join(' ')}`)
      .join(' ');
    for (const [, label = ''] of texts.matchAll(/\$labels\.(\w+)/g))
      expect(labelled, label).toMatch(new RegExp(`\\b${label}\\b`));
    for (const [, refId] of texts.matchAll(/\$values\.(\w+)\./g))
      expect(data.map((query) => query.refId)).toContain(refId);
  });

  it('links to a runbook that exists', () => {
    const [, slug = ''] =
      /^https:\/\/example\.com\/a\/floorwatch-fleet-app\/runbooks\/([\w-]+)$/.exec(annotations['runbook_url'] ?? '') ??
      [];
    expect(existsSync(join(REPOSITORY, `plugin/src/runbooks/${slug}.md`)), slug).toBe(true);
  });

  it('links to a dashboard panel that exists', () => {
    const shown = dashboards().find((dashboard) => dashboard.uid === rule.dashboardUid);
    expect(shown?.panels.map(({ id }) => id)).toContain(rule.panelId);
    // Grafana's pages read the link from these two annotations.
    expect(annotations['__dashboardUid__']).toBe(rule.dashboardUid);
    expect(annotations['__panelId__']).toBe(String(rule.panelId));
  });

  it('has the query that its condition names, and uses every query', () => {
    expect(data.map(({ refId }) => refId)).toContain(rule.condition);
    const texts = [...Object.values(annotations), ...data.map(({ model }) => model.expression ?? '')].join(' ');
    for (const { refId } of data)
      if (refId !== rule.condition) expect(texts).toMatch(new RegExp(`\\$(values\\.)?${refId}\\b`));
  });

  it('is one notification for all its alerts, at a contact point that exists', () => {
    expect(rule.notification_settings?.group_by).toEqual(['grafana_folder', 'alertname']);
    expect(contactPoints.map(({ name }) => name)).toContain(rule.notification_settings?.receiver);
  });
});

it('one rule per data source fires when it does not respond, and all others keep their state', () => {
  const firing = rules.filter(({ execErrState }) => execErrState === 'Alerting' && rules.length > 0);
  expect(firing.map(({ uid }) => uid).sort()).toEqual(
    ['clickhouse-down', 'prometheus-down', 'watchdog'].map((name) => `floorwatch-${name}`)
  );
  for (const { uid, execErrState } of rules) expect(['Alerting', 'KeepLast'], uid).toContain(execErrState);
});

it('no robot alert is pending, because one that is pending would fire while ClickHouse does not answer', () => {
  const pending = rules.filter(
    ({ data, execErrState, for: duration }) =>
      execErrState === 'KeepLast' && duration !== '0s' && data.some(({ model }) => model.rawSql !== undefined)
  );
  expect(pending.map(({ uid }) => uid).sort()).toEqual(
    // Nobody stores since when a check of the storage fails, or whether an ingestor could connect since an outage of ClickHouse. The
    // others are rules of Prometheus, whose query of ClickHouse only ends them.
    ['consumer-lag', 'consumer-lag-long', 'ingestor-silent', 'insert-failures', 'storage'].map(
      (name) => `floorwatch-${name}`
    )
  );
});

it('no file replaces the notification policies of the organisation', () => {
  expect(files.filter(({ policies }) => policies !== undefined)).toEqual([]);
});

it('an outage of 30 s does not last long enough for a rule about the pipeline', () => {
  for (const { rules: watched } of groups.filter(({ name }) => name === 'watchers')) {
    for (const { uid, for: duration } of watched) {
      if (uid !== 'floorwatch-kafka-down') expect(duration, uid).toBe('60s');
    }
  }
});

it('Ingestor silent is true where path A stores events, and its runbook says what else can be behind it', () => {
  const silent = rules.find(({ uid }) => uid === 'floorwatch-ingestor-silent');
  expect(silent?.annotations['description']).toMatch(/^Unless ClickHouse reads Kafka itself/);
  // A full disk, rights that are missing: ClickHouse is reached, and refuses.
  expect(silent?.annotations['detail']).toContain('cannot read Kafka or write to ClickHouse');
  const runbook = readText('plugin/src/runbooks/ingestor-down.md');
  for (const cause of ['on purpose', 'clock']) expect(runbook).toContain(cause);
});

describe('runbooks', () => {
  const slugs = readdirSync(join(REPOSITORY, 'plugin/src/runbooks')).map((file) => file.replace(/\.md$/, ''));
  const textOf = (slug: string): string => readText(`plugin/src/runbooks/${slug}.md`);
  const text = slugs.map(textOf).join('\n');

  it('each belongs to a rule and is in the app', () => {
    const linked = new Set(rules.map(({ annotations }) => annotations['runbook_url']?.split('/').at(-1)));
    expect(slugs.filter((slug) => !linked.has(slug))).toEqual([]);
    const listed = readText('plugin/src/pages/runbooks/runbooks.ts');
    for (const slug of slugs) expect(listed).toContain(`slug: '${slug}'`);
  });

  it('each names the rules that link to it', () => {
    for (const { uid, annotations } of rules) {
      const slug = annotations['runbook_url']?.split('/').at(-1) ?? '';
      expect(textOf(slug), uid).toContain(`\`${uid}\``);
    }
  });

  it('name only views, metrics, services and deployments that exist', () => {
    const views = readdirSync(join(REPOSITORY, 'sql/views'))
      .map((file) => readText(`sql/views/${file}`))
      .join('\n');
    for (const [view] of text.matchAll(/\bv_[a-z_]+\b/g)) expect(views, view).toContain(`VIEW warehouse.${view}{`);
    const metrics = createMetrics()
      .registry.getMetricsAsArray()
      .map(({ name }) => name);
    for (const [name] of text.matchAll(
      /\b(?:floorwatch|ch)_[a-z_]+(?:_total|_seconds|_bucket|_failing|_partitions|_messages)\b/g
    ))
      expect(metrics).toContain(name.replace(/_bucket$/, ''));
    const { services } = readCompose();
    for (const [, service = ''] of text.matchAll(
      /docker compose (?:ps|restart|run --rm|up -d|logs --tail \d+) ([a-z]+)/g
    ))
      expect(Object.keys(services)).toContain(service);
    const manifest = readText('deploy/kubernetes/ingestor.yaml');
    for (const [, name = ''] of text.matchAll(/deployment\/([\w-]+)/g)) expect(manifest).toContain(`name: ${name}`);
    for (const [, slug = ''] of text.matchAll(/\(\/a\/floorwatch-fleet-app\/runbooks\/([\w-]+)\)/g))
      expect(slugs).toContain(slug);
  });
});

describe('contact points', () => {
  it('only those that are configured are written, because Grafana does not start with one that has no address', () => {
    const names = (settings: Parameters<typeof alertingFiles>[0]) =>
      alertingFiles(settings).flatMap(
        (file) => file.contactPoints?.flatMap(({ receivers }) => receivers.map(({ type }) => type)) ?? []
      );
    expect(names({})).toEqual([]);
    expect(names({ ALERT_TELEGRAM_TOKEN: 't' })).toEqual([]);
    expect(names({ ALERT_TELEGRAM_TOKEN: 't', ALERT_TELEGRAM_CHAT: 'c', ALERT_SLACK_URL: 'https://s/' })).toEqual([
      'slack',
      'telegram',
    ]);
  });

  it('without one, the rules leave the routing to the policies of Grafana', () => {
    const routed = alertingFiles({}).flatMap((file) => file.groups?.flatMap(({ rules: all }) => all) ?? []);
    expect(routed.length).toBeGreaterThan(5);
    for (const rule of routed) expect(rule).not.toHaveProperty('notification_settings');
  });

  it('hold no secret: the files name the variables of Grafana', () => {
    expect(JSON.stringify(alertingFiles({ ALERT_SLACK_URL: 'https://hooks/secret' }))).not.toContain('secret');
  });

  it('a planned stop mutes the alerts about robots, and none about the pipeline', () => {
    for (const { name, rules: all } of groups) {
      for (const rule of all) {
        const muted = rule.notification_settings?.mute_time_intervals;
        expect(muted, rule.uid).toEqual(
          ['robots', 'minutes'].includes(name) ? ['Floorwatch planned stops'] : undefined
        );
      }
    }
  });
});
