import { z } from 'zod';

const text = (meaning: string) => z.string().min(1).optional().describe(meaning);

/** What `ingestor provisioning` reads from the environment. Contact points without a variable are not written. */
export const PROVISIONING_VARIABLES = z.object({
  GRAFANA_ROOT_URL: z
    .url({ protocol: /^https?$/ })
    .endsWith('/', 'it must end with a slash')
    .optional()
    .describe("Grafana's address for links in alerts, with a slash at its end; default: links without a host"),
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
