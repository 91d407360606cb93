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
        await notify(grafana, text);
        return mailOutcome(await firstOf(smtp.mails));
      },
    },
  ]);
}

/** Sends one alert by e-mail, with the shipped subject and message. */
async function notify({ url, adminPassword }: GrafanaUnderAttack, text: string): Promise<void> {
  const settings = {
    addresses: ON_CALL,
    ...{ subject: '{{ template "floorwatch.title" . }}', message: '{{ template "floorwatch.message" . }}' },
  };
  const response = await fetch(`${url}/api/alertmanager/grafana/config/api/v1/receivers/test`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`admin:${adminPassword}`).toString('base64')}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({
      receivers: [{ name: 'proof', grafana_managed_receiver_configs: [{ name: 'proof', type: 'email', settings }] }],
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
