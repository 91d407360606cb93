import type { ProvisioningSettings } from './variables.ts';

export const ON_CALL = 'Floorwatch on-call';
export const HEARTBEAT = 'Floorwatch heartbeat';

type Variable = Exclude<keyof ProvisioningSettings, 'GRAFANA_ORG_ID'>;

interface Receiver {
  name: string;
  type: string;
  /** All of them are needed. The files name them, and Grafana reads them from its own environment, so no file holds a secret. */
  needs: readonly Variable[];
  settings: Readonly<Record<string, string>>;
  /** Settings with the value of a variable that is no secret. Grafana makes a number of a variable with digits, and then does not start. */
  literal?: Readonly<Record<string, Variable>>;
}

const TITLE = '{{ template "floorwatch.title" . }}';
const MESSAGE = '{{ template "floorwatch.message" . }}';

const RECEIVERS: readonly Receiver[] = [
  {
    name: 'webhook',
    type: 'webhook',
    needs: ['ALERT_WEBHOOK_URL'],
    settings: { url: '$ALERT_WEBHOOK_URL', httpMethod: 'POST', title: TITLE, message: MESSAGE },
  },
  {
    name: 'email',
    type: 'email',
    needs: ['ALERT_EMAIL_TO'],
    settings: { addresses: '$ALERT_EMAIL_TO', subject: TITLE, message: MESSAGE },
  },
  {
    name: 'slack',
    type: 'slack',
    needs: ['ALERT_SLACK_URL'],
    settings: { url: '$ALERT_SLACK_URL', title: TITLE, text: MESSAGE },
  },
  {
    name: 'pagerduty',
    type: 'pagerduty',
    needs: ['ALERT_PAGERDUTY_KEY'],
    settings: { integrationKey: '$ALERT_PAGERDUTY_KEY', severity: '{{ .CommonLabels.severity }}', summary: TITLE },
  },
  {
    name: 'opsgenie',
    type: 'opsgenie',
    needs: ['ALERT_OPSGENIE_KEY'],
    settings: { apiKey: '$ALERT_OPSGENIE_KEY', message: TITLE, description: MESSAGE },
  },
  {
    name: 'teams',
    type: 'teams',
    needs: ['ALERT_TEAMS_URL'],
    settings: { url: '$ALERT_TEAMS_URL', title: TITLE, message: MESSAGE },
  },
  {
    name: 'telegram',
    type: 'telegram',
    needs: ['ALERT_TELEGRAM_TOKEN', 'ALERT_TELEGRAM_CHAT'],
    literal: { chatid: 'ALERT_TELEGRAM_CHAT' },
    settings: { bottoken: '$ALERT_TELEGRAM_TOKEN', message: `${TITLE}\n${MESSAGE}` },
  },
];

const HEARTBEAT_UID = 'floorwatch-heartbeat';
const uidOf = (name: string): string => `floorwatch-${name}`;

/** Of all receivers that can be configured. */
export const RECEIVER_UIDS: readonly string[] = [...RECEIVERS.map(({ name }) => uidOf(name)), HEARTBEAT_UID];

export interface ContactPoint {
  orgId: number;
  name: string;
  receivers: { uid: string; type: string; settings: Readonly<Record<string, string>> }[];
}

/** Only what is configured: Grafana does not start with a receiver without its address. */
export function contactPoints(settings: ProvisioningSettings): ContactPoint[] {
  const orgId = settings.GRAFANA_ORG_ID ?? 1;
  const onCall = RECEIVERS.filter(({ needs }) => needs.every((name) => settings[name] !== undefined));
  const points: ContactPoint[] = [];
  if (onCall.length > 0) {
    const valueOf = (variable: Variable): string => settings[variable] ?? '';
    const receivers = onCall.map(({ name, type, settings: named, literal = {} }) => {
      const values = Object.entries(literal).map(([key, variable]) => [key, valueOf(variable)] as const);
      return {
        uid: uidOf(name),
        type,
        settings: { ...named, ...(Object.fromEntries(values) as Record<string, string>) },
      };
    });
    points.push({ orgId, name: ON_CALL, receivers });
  }
  if (settings.ALERT_HEARTBEAT_URL !== undefined) {
    const heartbeat = { url: '$ALERT_HEARTBEAT_URL', httpMethod: 'POST' };
    points.push({
      orgId,
      name: HEARTBEAT,
      receivers: [{ uid: HEARTBEAT_UID, type: 'webhook', settings: heartbeat }],
    });
  }
  return points;
}
