import { type AlertRule, FOLDER, type Query, RULE_PREFIX, type RuleGroup } from './alert-rule.ts';

const APP = 'floorwatch-fleet-app';
const DASHBOARD = 'floorwatch-floor';
const CONDITION = 'broken';
/** How far back a Prometheus query sees its latest sample. */
const RANGE_SECONDS = 300;

/** Uids of Grafana's data sources. */
export interface DataSourceUids {
  clickHouse: string;
  prometheus: string;
}

export interface Routing {
  contactPoint: string;
  groupWaitSeconds: number;
  groupIntervalSeconds: number;
  repeatMinutes: number;
  muteTiming?: string;
}

export interface RuleOptions {
  orgId: number;
  sources: DataSourceUids;
  /** Grafana's own address with a slash at its end, or '/': the links in alerts begin with it. */
  rootUrl: string;
  /** Null: no contact point is configured, so Grafana's own policies decide. */
  routingOf: ((rule: AlertRule, group: RuleGroup) => Routing) | null;
}

/** Grafana's form of a group of alert rules. */
export function renderGroup(group: RuleGroup, options: RuleOptions): object {
  return {
    orgId: options.orgId,
    name: group.name,
    folder: FOLDER,
    interval: `${group.intervalSeconds}s`,
    rules: group.rules.map((rule) => renderRule(rule, group, options)),
  };
}

function renderRule(rule: AlertRule, group: RuleGroup, { orgId, rootUrl, routingOf, sources }: RuleOptions): object {
  // Grafana opens a link without an organisation in the one that its reader used last.
  const linkTo = (page: string): string =>
    `${rootUrl}a/${APP}/${page}` + (orgId === 1 ? '' : `${page.includes('?') ? '&' : '?'}orgId=${orgId}`);
  const routing = routingOf?.(rule, group);
  return {
    uid: RULE_PREFIX + rule.name,
    title: rule.title,
    condition: CONDITION,
    for: `${rule.forSeconds}s`,
    keepFiringFor: `${rule.keepFiringForSeconds}s`,
    noDataState: rule.noData,
    execErrState: rule.onError,
    dashboardUid: DASHBOARD,
    panelId: rule.panelId,
    labels: {
      ...(rule.severity === 'by row' ? {} : { severity: rule.severity }),
      team: rule.team,
      // Grafana marks the rule as one of the plugin.
      __grafana_origin: `plugin/${APP}`,
    },
    annotations: {
      summary: rule.summary,
      detail: rule.detail,
      description: `${rule.impact} First: ${rule.firstStep}`,
      // Grafana's list opens this address as it is, so it has no template.
      runbook_url: linkTo(`runbooks/${rule.runbook}`),
      page_url: linkTo(rule.page),
      __dashboardUid__: DASHBOARD,
      __panelId__: String(rule.panelId),
    },
    data: [...rule.queries, { refId: CONDITION, math: rule.condition }].map((query) => renderQuery(query, sources)),
    ...(routing === undefined ? {} : { notification_settings: renderRouting(routing) }),
  };
}

function renderQuery(query: Query, sources: DataSourceUids): object {
  const { refId } = query;
  if ('math' in query) {
    return { refId, datasourceUid: '__expr__', model: { refId, type: 'math', expression: query.math } };
  }
  const relativeTimeRange = { from: RANGE_SECONDS, to: 0 };
  if ('expr' in query) {
    return {
      refId,
      datasourceUid: sources.prometheus,
      relativeTimeRange,
      model: { refId, instant: true, expr: query.expr },
    };
  }
  const model = { refId, editorType: 'sql', queryType: 'table', format: 1, rawSql: query.sql };
  return { refId, datasourceUid: sources.clickHouse, relativeTimeRange, model };
}

/** One notification per rule: its alerts have one cause, or at least one runbook. */
function renderRouting(routing: Routing): object {
  return {
    receiver: routing.contactPoint,
    group_by: ['grafana_folder', 'alertname'],
    group_wait: `${routing.groupWaitSeconds}s`,
    group_interval: `${routing.groupIntervalSeconds}s`,
    repeat_interval: `${routing.repeatMinutes}m`,
    ...(routing.muteTiming === undefined ? {} : { mute_time_intervals: [routing.muteTiming] }),
  };
}
