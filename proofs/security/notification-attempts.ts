import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { HOSTILE } from '@floorwatch/contract/hostile-texts';
import type { Attempt } from '../access/attempt.ts';
import type { GrafanaUnderAttack } from './grafana-attempts.ts';
import type { Mail, startSmtpSink } from './smtp-sink.ts';

type Smtp = Awaited<ReturnType<typeof startSmtpSink>>;

const ON_CALL = 'on-call@example.com';
const ARRIVAL_MS = 30_000;
/** Headers that Grafana writes itself. */
const OWN_HEADERS =
  /^(mime-version|date|subject|content-(type|transfer-encoding)|from|to|message-id|reply-to|auto-submitted)$/;
/** An element, an event handler or an address of a script, which no text of a robot may become. */
const MARKUP = /<script|<img src=x|href="?\s*javascript:|<[a-z][^<>]*\son[a-z]+="/i;
const TEXTS = [...HOSTILE, { why: 'headers of its own', text: 'amr-1\r\nBcc: thief@example.com\r\n\r\nx' }];

/** What the shipped contact points send of a robot, a zone and an alert with such names. Needs the SMTP settings of the sink. */
export function notificationAttempts(grafana: GrafanaUnderAttack, smtp: Smtp): Attempt[] {
  return TEXTS.flatMap(({ text, why }): Attempt[] => [
    {
      attempt: `e-mail about a robot whose name is ${why}`,
      expected: 'shown as text',
      run: async () => {
        smtp.mails.length = 0;
        await notify(grafana, 'email', { addresses: ON_CALL }, text);
        return mailOutcome(await firstOf(smtp.mails));
      },
    },
    {
      attempt: `webhook about a robot whose name is ${why}`,
      expected: 'sent as text',
      run: async () => {
        const bodies: string[] = [];
        const sink = createServer((request, response) => {
          let body = '';
          request.on('data', (part: Buffer) => (body += part.toString('utf8')));
          request.on('end', () => {
            bodies.push(body);
            response.end();
          });
        });
        await new Promise<void>((resolve) => sink.listen(0, '127.0.0.1', resolve));
        try {
          const url = `http://127.0.0.1:${(sink.address() as AddressInfo).port}/`;
          await notify(grafana, 'webhook', { url, httpMethod: 'POST' }, text);
          return webhookOutcome(await firstOf(bodies), text);
        } finally {
          sink.close();
          sink.closeAllConnections();
        }
      },
    },
  ]);
}

/** Sends one alert through a contact point with the shipped title and message, to an address of this proof. */
async function notify(
  { url, adminPassword }: GrafanaUnderAttack,
  type: 'email' | 'webhook',
  address: Readonly<Record<string, string>>,
  text: string
): Promise<void> {
  const words = { title: '{{ template "floorwatch.title" . }}', message: '{{ template "floorwatch.message" . }}' };
  const { title, message } = words;
  const settings = { ...address, ...(type === 'email' ? { subject: title, message } : { title, message }) };
  const response = await fetch(`${url}/api/alertmanager/grafana/config/api/v1/receivers/test`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`admin:${adminPassword}`).toString('base64')}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({
      receivers: [{ name: 'proof', grafana_managed_receiver_configs: [{ name: 'proof', type, settings }] }],
      alert: {
        labels: { alertname: text, severity: 'warning', robot_id: text, zone: text },
        annotations: { detail: `${text} has sent nothing for 2m 10s.`, description: text },
      },
    }),
  });
  if (!response.ok) throw new Error(`${response.status} ${(await response.text()).slice(0, 200)}`);
}

async function firstOf<Item>(items: readonly Item[]): Promise<Item> {
  const deadlineMs = Date.now() + ARRIVAL_MS;
  while (Date.now() < deadlineMs) {
    if (items[0] !== undefined) return items[0];
    await sleep(50);
  }
  throw new Error('nothing was sent');
}

export function mailOutcome({ recipients, headers, body }: Mail): string {
  const added = [...headers.keys()].filter((name) => !OWN_HEADERS.test(name));
  if (added.length > 0) return `headers ${added.join(', ')}`;
  if (recipients.join() !== ON_CALL) return `sent to ${recipients.join(', ')}`;
  if (!body.includes('has sent nothing for')) return 'the alert is not in it';
  return MARKUP.test(body) ? 'markup' : 'shown as text';
}

/** The receiver parses one JSON document, in which the name is the text that the robot has. */
export function webhookOutcome(body: string, text: string): string {
  const { alerts, message } = JSON.parse(body) as { alerts: { labels: Record<string, string> }[]; message: string };
  if (!message.includes('has sent nothing for')) return 'the alert is not in it';
  const seen = alerts[0]?.labels['robot_id'];
  return alerts.length === 1 && seen === text ? 'sent as text' : `the name became ${JSON.stringify(seen)}`;
}
