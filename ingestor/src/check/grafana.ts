import type { Config } from '../config/config.ts';
import { CLICKHOUSE_UID, PROMETHEUS_UID } from '../provisioning/alert-rule.ts';
import { failed, messageOf, ok, warning, type Finding } from './finding.ts';

const GUIDE = 'docs/how-to/install-grafana.md';
const TIMEOUT_MS = 30_000;
const PLUGINS = ['floorwatch-fleet-app', 'floorwatch-floormap-panel'];
/** Alert rules and contact points of Floorwatch have uids with this prefix. */
const OUR_UID = 'floorwatch-';
const MAX_NAMED = 3;

interface Answer {
  status: number;
  /** Null if the response is not JSON. */
  body: unknown;
}
type Ask = (path: string) => Promise<Answer>;

/** Checked only if GRAFANA_URL is set: plugins, data sources, alert rules and contact points. */
export async function grafanaFindings({ grafana }: Pick<Config, 'grafana'>): Promise<Finding[]> {
  if (grafana === null) return [];
  const ask: Ask = async (path) => {
    const response = await fetch(new URL(path, grafana.url), {
      headers: { authorization: `Bearer ${grafana.token}`, accept: 'application/json' },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return { status: response.status, body: await response.json().catch(() => null) };
  };
  try {
    const { body } = await ask('api/health');
    const { version } = (body ?? {}) as { version?: string };
    if (version === undefined) throw new Error(`${grafana.url} does not respond like Grafana`);
    // Every later answer depends on this right.
    const { status } = await ask('api/datasources');
    if (status === 401 || status === 403) return [ok('grafana', `version ${version}`), notAllowed(status)];
    const { clickHouse, prometheus } = grafana.dataSources;
    const sources: readonly Source[] = [
      { ...CLICKHOUSE, uid: clickHouse },
      ...(prometheus === null ? [] : [{ ...PROMETHEUS, uid: prometheus }]),
    ];
    const parts = [PLUGINS.map((id) => pluginFinding(ask, id)), sources.map((source) => sourceFinding(ask, source))];
    const rest = await Promise.all([...parts.flat(), rulesFinding(ask), contactFinding(ask)]);
    return [ok('grafana', `version ${version} at ${grafana.url}`), ...rest];
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return [
      failed(
        'grafana',
        messageOf(cause),
        'Check GRAFANA_URL, with its path if it has one, and that Grafana is running.'
      ),
    ];
  }
}

function notAllowed(status: number): Finding {
  return failed(
    'grafana login',
    status === 401 ? 'GRAFANA_TOKEN is not valid' : 'GRAFANA_TOKEN may not read data sources',
    'Set GRAFANA_TOKEN to a token of a service account with the role Viewer.'
  );
}

async function pluginFinding(ask: Ask, id: string): Promise<Finding> {
  const check = `plugin ${id}`;
  const { status, body } = await ask(`api/plugins/${id}/settings`);
  const { enabled, type, info } = (body ?? {}) as { enabled?: boolean; type?: string; info?: { version?: string } };
  if (status !== 200)
    return failed(
      check,
      'is not loaded',
      `Install it (${GUIDE}, step 1), name it in allow_loading_unsigned_plugins if it is unsigned, and restart Grafana.`
    );
  if (type === 'app' && enabled !== true)
    return failed(
      check,
      'is installed but not enabled',
      `Copy provisioning/plugins/floorwatch.yaml (${GUIDE}, step 2).`
    );
  return ok(check, `version ${info?.version ?? 'unknown'}`);
}

/** A data source of Grafana that alert rules query. */
interface Source {
  uid: string;
  /** Of the one that provisioning/ makes. */
  ourUid: string;
  /** Names one that is not ours. */
  variable: string;
  /** What to change for ours, according to the message of the data source. */
  remedyOf: (message: string) => string;
}

const CLICKHOUSE = {
  ourUid: CLICKHOUSE_UID,
  variable: 'CLICKHOUSE_DATASOURCE_UID',
  remedyOf: clickHouseRemedy,
} as const;

const PROMETHEUS = {
  ourUid: PROMETHEUS_UID,
  variable: 'PROMETHEUS_DATASOURCE_UID',
  remedyOf: (message: string) =>
    /401|403|unauthorized|forbidden/i.test(message)
      ? 'Set PROMETHEUS_AUTHORIZATION for the service of Grafana, such as `Bearer TOKEN`, and restart it.'
      : 'Set PROMETHEUS_URL for the service of Grafana to a Prometheus that runs, and restart Grafana.',
} as const;

async function sourceFinding(ask: Ask, { uid, ourUid, variable, remedyOf }: Source): Promise<Finding> {
  const check = `data source ${uid}`;
  const isOurs = uid === ourUid;
  const { status, body } = await ask(`api/datasources/uid/${uid}/health`);
  if (status === 404)
    return failed(
      check,
      'does not exist',
      isOurs
        ? `Copy provisioning/datasources/floorwatch.yaml (${GUIDE}, step 2) and restart Grafana, or set ${variable} to the uid of another one.`
        : `Set ${variable} to the uid of a data source of Grafana, or leave it out to use ${ourUid}.`
    );
  const { status: health, message = 'gives no reason' } = (body ?? {}) as { status?: string; message?: string };
  if (health === 'OK') return ok(check, 'is healthy');
  return failed(check, message, isOurs ? remedyOf(message) : 'Fix this data source in Grafana.');
}

/** What to change in the environment of Grafana's service, according to the message of the data source. */
export function clickHouseRemedy(message: string): string {
  const set = (names: string): string => `Set ${names} for the service of Grafana, and restart it.`;
  if (/parse secure/i.test(message)) return set('CLICKHOUSE_SECURE=true or false');
  if (/authentication|password|code: 516/i.test(message))
    return set('CLICKHOUSE_READER_PASSWORD to the password of floorwatch_reader');
  if (/certificate|x509|tls/i.test(message))
    return set('CLICKHOUSE_SECURE and CLICKHOUSE_CA_CERTIFICATE as the port of ClickHouse needs them');
  return set('CLICKHOUSE_HOST, CLICKHOUSE_HTTP_PORT and CLICKHOUSE_PROTOCOL to a ClickHouse that runs');
}

interface Rule {
  uid?: string;
  name: string;
  health: string;
  lastError?: string;
  lastEvaluation: string;
}

async function rulesFinding(ask: Ask): Promise<Finding> {
  const check = 'alert rules';
  const { body } = await ask('api/prometheus/grafana/api/v1/rules');
  const { data } = (body ?? {}) as { data?: { groups?: { rules: Rule[] }[] } };
  const rules = (data?.groups ?? []).flatMap((group) => group.rules).filter(({ uid }) => uid?.startsWith(OUR_UID));
  return rulesAnswer(check, rules);
}

/** A rule that was never evaluated has the first instant of Go's calendar. */
export function rulesAnswer(check: string, rules: readonly Rule[]): Finding {
  const named = (some: readonly Rule[]): string => {
    const rest = some.length > MAX_NAMED ? ` and ${some.length - MAX_NAMED} more` : '';
    return (
      some
        .slice(0, MAX_NAMED)
        .map(({ name }) => name)
        .join(', ') + rest
    );
  };
  if (rules.length === 0)
    return failed(
      check,
      'Grafana has no rule of Floorwatch, so nobody is alerted',
      'Run `ingestor provisioning --out /etc/grafana/provisioning/alerting` and restart Grafana.'
    );
  const failing = rules.filter(({ health }) => health === 'error');
  if (failing.length > 0)
    return failed(
      check,
      `${failing.length} of ${rules.length} cannot be evaluated: ${named(failing)}: ${failing[0]?.lastError ?? 'no reason given'}`,
      'Fix the data source that the message names. If all are healthy, update the schema: `ingestor migrate` as floorwatch_owner.'
    );
  const never = rules.filter(({ lastEvaluation }) => lastEvaluation.startsWith('0001-'));
  if (never.length > 0)
    return warning(
      check,
      `${never.length} of ${rules.length} were not evaluated yet: ${named(never)}`,
      'Check again in two minutes. If they stay so, set enabled and execute_alerts to true in [unified_alerting] of Grafana.'
    );
  return ok(check, `${rules.length}, all evaluated`);
}

async function contactFinding(ask: Ask): Promise<Finding> {
  const check = 'contact points';
  const { body } = await ask('api/v1/provisioning/contact-points');
  const points = (Array.isArray(body) ? body : []) as { uid: string; name: string }[];
  const ours = [...new Set(points.filter(({ uid }) => uid.startsWith(OUR_UID)).map(({ name }) => name))];
  if (ours.length > 0) return ok(check, ours.join(', '));
  return warning(
    check,
    'Floorwatch has none, so the notification policies of Grafana decide who is paged',
    'Set one, such as ALERT_WEBHOOK_URL (docs/how-to/alert-notifications.md), and run `ingestor provisioning` again.'
  );
}
