import { z } from 'zod';

/** Value of PROMETHEUS_DATASOURCE_UID for an installation without Prometheus. */
export const NO_PROMETHEUS = 'none';

const text = (meaning: string) => z.string().min(1).optional().describe(meaning);
/** As Grafana accepts them. */
const uid = (meaning: string) =>
  z
    .string()
    .regex(/^[\w-]{1,40}$/, 'it must be a uid: up to 40 letters, digits, - and _')
    .optional()
    .describe(meaning);

/** What `ingestor provisioning` reads from the environment. Contact points without a variable are not written. */
export const PROVISIONING_VARIABLES = z.object({
  GRAFANA_ROOT_URL: z
    .url({ protocol: /^https?$/ })
    .endsWith('/', 'it must end with a slash')
    .optional()
    .describe("Grafana's address for links in alerts, with a slash at its end; default: links without a host"),
  GRAFANA_ORG_ID: z.coerce
    .number('it must be a whole number from 1')
    .int()
    .min(1)
    .optional()
    .describe('number of the organisation that gets the rules and contact points; default: 1'),
  CLICKHOUSE_DATASOURCE_UID: uid(
    'uid of the ClickHouse data source that the rules query; default: floorwatch-clickhouse'
  ),
  PROMETHEUS_DATASOURCE_UID: uid(
    `uid of the Prometheus data source; default: floorwatch-prometheus; ${NO_PROMETHEUS}: leaves out the rules that need it`
  ),
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
