import { z } from 'zod';
import { CLICKHOUSE_UID, PROMETHEUS_UID } from './alert-rule.ts';

/** Value of PROMETHEUS_DATASOURCE_UID for an installation without Prometheus, in any case of letters. */
const NO_PROMETHEUS = /^none$/i;

const text = (meaning: string) => z.string().min(1).optional().describe(meaning);
/** As Grafana accepts them. */
const uid = (form = /^[\w-]{1,40}$/) => {
  const allowed = 'a uid: up to 40 letters, digits, - and _';
  return z.string().regex(form, `it must be ${allowed}`).meta({ allowed });
};

/** Data sources of Grafana. `ingestor check` asks the same ones that the rules query. */
export const DATA_SOURCE_VARIABLES = {
  // Nobody who writes `none` has a data source of this name: without ClickHouse, there is nothing to show.
  CLICKHOUSE_DATASOURCE_UID: uid(/^(?!none$)[\w-]{1,40}$/i)
    .optional()
    .describe(`uid of Grafana's ClickHouse data source that the alert rules query; default: ${CLICKHOUSE_UID}`),
  PROMETHEUS_DATASOURCE_UID: uid()
    .optional()
    .describe(
      `uid of Grafana's Prometheus data source; default: ${PROMETHEUS_UID}; none: there is no Prometheus, so the rules that need it are left out`
    ),
} as const;

/** Uids of Grafana's data sources. Without Prometheus, that one is null. */
export interface DataSources {
  clickHouse: string;
  prometheus: string | null;
}

export function dataSourcesOf(values: {
  [Name in keyof typeof DATA_SOURCE_VARIABLES]?: string | undefined;
}): DataSources {
  const { CLICKHOUSE_DATASOURCE_UID: clickHouse = CLICKHOUSE_UID, PROMETHEUS_DATASOURCE_UID = PROMETHEUS_UID } = values;
  return {
    clickHouse,
    prometheus: NO_PROMETHEUS.test(PROMETHEUS_DATASOURCE_UID) ? null : PROMETHEUS_DATASOURCE_UID,
  };
}

/** What `ingestor provisioning` reads from the environment. Contact points without a variable are not written. */
export const PROVISIONING_VARIABLES = z.object({
  GRAFANA_ROOT_URL: z
    .url({ protocol: /^https?$/ })
    .endsWith('/', 'it must end with a slash')
    .optional()
    .describe("Grafana's address for links in alerts, with a slash at its end; default: links without a host"),
  GRAFANA_ORG_ID: z
    .string()
    .regex(/^[1-9]\d*$/, 'it must be a whole number from 1')
    .transform(Number)
    .optional()
    .describe('number of the organisation that gets the rules and contact points; default: 1'),
  ...DATA_SOURCE_VARIABLES,
  ALERT_WEBHOOK_URL: text('webhook that gets every notification'),
  ALERT_EMAIL_TO: text('e-mail addresses, separated by semicolons; Grafana needs its [smtp] settings'),
  ALERT_SLACK_URL: text('incoming webhook of Slack'),
  ALERT_PAGERDUTY_KEY: text('integration key of PagerDuty (Events API v2)'),
  ALERT_OPSGENIE_KEY: text('API key of Opsgenie'),
  ALERT_TEAMS_URL: text('webhook of a Microsoft Teams channel'),
  ALERT_TELEGRAM_TOKEN: text('token of a Telegram bot; needs ALERT_TELEGRAM_CHAT'),
  ALERT_TELEGRAM_CHAT: text('chat of the Telegram bot'),
  ALERT_HEARTBEAT_URL: text('webhook of an outside heartbeat service, called every five minutes while alerting works'),
  ALERT_PLANNED_STOPS: text(
    'when the floor stands still on purpose and robot alerts are muted, such as `saturday:sunday 00:00-24:00 Europe/Berlin`'
  ),
});

export type ProvisioningSettings = z.infer<typeof PROVISIONING_VARIABLES>;

/** What `--api` reads: Grafana refuses a rule whose contact point it does not have, so its own policies decide who is notified. */
export const API_VARIABLES = PROVISIONING_VARIABLES.pick({
  GRAFANA_ROOT_URL: true,
  GRAFANA_ORG_ID: true,
  CLICKHOUSE_DATASOURCE_UID: true,
  PROMETHEUS_DATASOURCE_UID: true,
});

/** What `--remove` reads. Files that remove rules must not fail because of a contact point. */
export const REMOVAL_VARIABLES = PROVISIONING_VARIABLES.pick({ GRAFANA_ORG_ID: true });

export type RemovalSettings = z.infer<typeof REMOVAL_VARIABLES>;
