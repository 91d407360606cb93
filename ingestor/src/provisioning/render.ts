import { PROMETHEUS_UID, RULE_PREFIX, type AlertRule, type RuleGroup } from './alert-rule.ts';
import { contactPoints, HEARTBEAT, ON_CALL, RECEIVER_UIDS } from './contact-points.ts';
import { MESSAGE_TEMPLATES } from './message-templates.ts';
import { PIPELINE, STORAGE } from './pipeline-rules.ts';
import { PLANNED_STOPS, plannedStops } from './planned-stops.ts';
import { renderGroup, type Routing } from './render-rules.ts';
import { MINUTES, ROBOTS } from './robot-rules.ts';
import { dataSourcesOf, type ProvisioningSettings, type RemovalSettings } from './variables.ts';
import { WATCHDOG, WATCHERS } from './watcher-rules.ts';

export const RULE_GROUPS: readonly RuleGroup[] = [WATCHERS, PIPELINE, STORAGE, ROBOTS, MINUTES];

/** Rules of earlier versions. Grafana keeps a rule that is no longer in its files unless a file deletes it. */
const FORMER_RULES = ['fleet-dropoff'];

/**
 * Grafana's file provisioning of alerting, by file name. There is no notification policy: a policy file would replace the policy tree
 * of the whole organisation. Each rule names its contact point instead.
 * @throws CommandError when ALERT_PLANNED_STOPS is not a time
 */
export function renderAlerting(settings: ProvisioningSettings): Record<string, object> {
  const points = contactPoints(settings);
  const has = (name: string): boolean => points.some((point) => point.name === name);
  const stops = settings.ALERT_PLANNED_STOPS;
  const routingOf = ({ severity, groupWaitSeconds }: AlertRule, { mutedByPlannedStop }: RuleGroup): Routing => ({
    contactPoint: ON_CALL,
    // A critical alert waits only for others of its evaluation.
    groupWaitSeconds: groupWaitSeconds ?? (severity === 'warning' ? 15 : 5),
    groupIntervalSeconds: 60,
    repeatMinutes: severity === 'warning' ? 12 * 60 : 4 * 60,
    ...(mutedByPlannedStop && stops !== undefined ? { muteTiming: PLANNED_STOPS } : {}),
  });
  const orgId = settings.GRAFANA_ORG_ID ?? 1;
  const { clickHouse, prometheus } = dataSourcesOf(settings);
  const options = {
    ...{ orgId, rootUrl: settings.GRAFANA_ROOT_URL ?? '/' },
    // Without Prometheus, no rule is left that queries it.
    sources: { clickHouse, prometheus: prometheus ?? PROMETHEUS_UID },
  };
  const omitted = new Set([...rulesLeftOut(settings), ...rulesReplaced(settings)]);
  const groups = RULE_GROUPS.map((group) => ({ ...group, rules: group.rules.filter((rule) => !omitted.has(rule)) }))
    .filter(({ rules }) => rules.length > 0)
    .map((group) => renderGroup(group, { ...options, routingOf: has(ON_CALL) ? routingOf : null }));
  if (has(HEARTBEAT)) groups.push(renderGroup(WATCHDOG, { ...options, routingOf: () => HEARTBEATS }));
  const unused = [...(has(HEARTBEAT) ? [] : WATCHDOG.rules), ...omitted].map(({ name }) => name);
  const deleted = [...FORMER_RULES, ...unused];
  return {
    'rules.yaml': {
      apiVersion: 1,
      groups,
      deleteRules: deleted.map((name) => ({ orgId, uid: RULE_PREFIX + name })),
    },
    'templates.yaml': { apiVersion: 1, templates: MESSAGE_TEMPLATES.map((template) => ({ orgId, ...template })) },
    ...(points.length === 0 ? {} : { 'contact-points.yaml': { apiVersion: 1, contactPoints: points } }),
    ...(stops === undefined
      ? {}
      : { 'mute-timings.yaml': { apiVersion: 1, muteTimes: [{ orgId, ...plannedStops(stops) }] } }),
  };
}

/** The rules that need Prometheus, if the installation has none. Otherwise they would page all the time. */
export function rulesLeftOut(settings: ProvisioningSettings): AlertRule[] {
  if (dataSourcesOf(settings).prometheus !== null) return [];
  return RULE_GROUPS.flatMap(({ rules }) => rules.filter(({ queries }) => queries.some((query) => 'expr' in query)));
}

/** The rules that an installation with Prometheus does not need. */
function rulesReplaced(settings: ProvisioningSettings): AlertRule[] {
  if (dataSourcesOf(settings).prometheus === null) return [];
  return RULE_GROUPS.flatMap(({ rules }) => rules.filter(({ isWithoutPrometheus }) => isWithoutPrometheus));
}

/**
 * Files with which Grafana deletes at its next start what `renderAlerting` made, whatever was configured. A mute timing stays: Grafana
 * refuses to delete it in the same start as the rules that name it.
 */
export function renderRemoval({ GRAFANA_ORG_ID: orgId = 1 }: RemovalSettings): Record<string, object> {
  const rules = [...RULE_GROUPS, WATCHDOG].flatMap((group) => group.rules.map(({ name }) => name));
  return {
    'rules.yaml': {
      apiVersion: 1,
      deleteRules: [...FORMER_RULES, ...rules].map((name) => ({ orgId, uid: RULE_PREFIX + name })),
    },
    'templates.yaml': { apiVersion: 1, deleteTemplates: MESSAGE_TEMPLATES.map(({ name }) => ({ orgId, name })) },
    'contact-points.yaml': { apiVersion: 1, deleteContactPoints: RECEIVER_UIDS.map((uid) => ({ orgId, uid })) },
  };
}

/** Services for heartbeats expect one every few minutes. */
const HEARTBEATS: Routing = {
  contactPoint: HEARTBEAT,
  groupWaitSeconds: 5,
  groupIntervalSeconds: 300,
  repeatMinutes: 5,
};
