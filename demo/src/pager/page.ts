import { z } from 'zod';

/** The fields of a Grafana webhook notification that the pager reads. */
const notification = z.object({
  alerts: z.array(
    z.object({
      status: z.enum(['firing', 'resolved']),
      labels: z.record(z.string(), z.string()),
      annotations: z.record(z.string(), z.string()),
    })
  ),
});

/** Up to this many alerts are listed; the rest are counted. */
const NAMED_ALERTS = 5;

/**
 * A notification as text: one line for each alert and each link.
 * @throws ZodError when the body is not a Grafana notification
 */
export function describePage(body: unknown): string {
  const { alerts } = notification.parse(body);
  const [first] = alerts;
  if (!first) return 'an empty notification';
  const { alertname = 'unnamed rule', severity = 'no severity' } = first.labels;
  const count = alerts.length === 1 ? '' : ` (${alerts.length} alerts)`;
  const named = alerts
    .slice(0, NAMED_ALERTS)
    .map(
      ({ status, annotations }) =>
        `  ${status === 'resolved' ? 'resolved: ' : ''}${annotations['detail'] ?? annotations['summary'] ?? ''}`
    );
  const rest = alerts.length > NAMED_ALERTS ? [`  ... and ${alerts.length - NAMED_ALERTS} more`] : [];
  const isFiring = alerts.some(({ status }) => status === 'firing');
  // Grafana adds `Error` when a rule fires because its data source does not respond.
  const { Error: failure, description, runbook_url: runbook } = first.annotations;
  return [
    `${isFiring ? 'FIRING' : 'RESOLVED'} [${severity}] ${alertname}${count}`,
    ...named,
    ...rest,
    ...(isFiring && description ? [`  ${description}`] : []),
    ...(failure ? [`  because: ${failure}`] : []),
    ...(runbook ? [`  runbook: ${runbook}`] : []),
  ].join('\n');
}
