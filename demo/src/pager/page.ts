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
 * A notification as text: one line for each alert and each link. What fires comes first, because Grafana repeats for some minutes what
 * was resolved before.
 * @throws ZodError when the body is not a Grafana notification
 */
export function describePage(body: unknown): string {
  const { alerts } = notification.parse(body);
  const firing = alerts.filter(({ status }) => status === 'firing');
  const resolved = alerts.filter(({ status }) => status === 'resolved');
  const [first] = [...firing, ...resolved];
  if (!first) return 'an empty notification';
  const { alertname = 'unnamed rule', severity = 'no severity' } = first.labels;
  const isFiring = firing.length > 0;
  // Grafana adds `Error` when a rule fires because its data source does not respond.
  const { Error: failure, description, runbook_url: runbook } = first.annotations;
  return [
    `${isFiring ? 'FIRING' : 'RESOLVED'} [${severity}] ${alertname}${counts(firing.length, resolved.length)}`,
    ...listed(firing, ''),
    ...listed(resolved, 'resolved: '),
    ...(isFiring && description ? [`  ${description}`] : []),
    ...(failure ? [`  because: ${failure}`] : []),
    ...(runbook ? [`  runbook: ${runbook}`] : []),
  ].join('\n');
}

type PagedAlert = z.infer<typeof notification>['alerts'][number];

function counts(firing: number, resolved: number): string {
  if (firing === 0) return resolved === 1 ? '' : ` (${resolved} alerts)`;
  if (resolved === 0) return firing === 1 ? '' : ` (${firing} alerts)`;
  return ` (${firing} firing, ${resolved} resolved)`;
}

/** An alert per line, and each link once, below the last alert that has it. */
function listed(alerts: readonly PagedAlert[], prefix: string): string[] {
  const named = alerts.slice(0, NAMED_ALERTS);
  const lines = named.flatMap(({ status, annotations }, index) => {
    const page = annotations['page_url'];
    const isLast = page !== named[index + 1]?.annotations['page_url'];
    return [
      `  ${prefix}${annotations['detail'] ?? annotations['summary'] ?? ''}`,
      ...(status === 'firing' && page && isLast ? [`    page: ${page}`] : []),
    ];
  });
  return alerts.length > NAMED_ALERTS ? [...lines, `  ${prefix}... and ${alerts.length - NAMED_ALERTS} more`] : lines;
}
