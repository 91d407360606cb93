import { z } from 'zod';

/** What Grafana's webhook contact point sends, as far as the pager reads it. */
const notification = z.object({
  alerts: z.array(
    z.object({
      status: z.enum(['firing', 'resolved']),
      labels: z.record(z.string(), z.string()),
      annotations: z.record(z.string(), z.string()),
    })
  ),
});

/** Alerts named one by one in a page; the rest are only counted. */
const NAMED_ALERTS = 5;

/**
 * A notification as on-call would read it: one line for what happened, one for each link.
 * @throws ZodError when the body is no Grafana notification
 */
export function describePage(body: unknown): string {
  const { alerts } = notification.parse(body);
  const [first] = alerts;
  if (!first) return 'an empty notification';
  const { alertname = 'unnamed rule', severity = 'no severity' } = first.labels;
  const count = alerts.length === 1 ? '' : ` (${alerts.length} alerts)`;
  const named = alerts
    .slice(0, NAMED_ALERTS)
    .map(({ status, annotations }) => `  ${status === 'resolved' ? 'resolved: ' : ''}${annotations['summary'] ?? ''}`);
  const rest = alerts.length > NAMED_ALERTS ? [`  ... and ${alerts.length - NAMED_ALERTS} more`] : [];
  const isFiring = alerts.some(({ status }) => status === 'firing');
  // Grafana adds it when a rule fires because its data source does not answer.
  const { Error: failure, runbook_url: runbook } = first.annotations;
  return [
    `${isFiring ? 'FIRING' : 'RESOLVED'} [${severity}] ${alertname}${count}`,
    ...named,
    ...rest,
    ...(failure ? [`  because: ${failure}`] : []),
    ...(runbook ? [`  runbook: ${runbook}`] : []),
  ].join('\n');
}
