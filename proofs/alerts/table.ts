import type { FaultReport } from './run-fault.ts';

const COLUMNS = ['fault', 'expected', 'received', 'pages', 'to page', 'resolved', 'wrong', 'ok'] as const;

/** The reports as a page of the documentation, formatted as Prettier does. */
export function documentationPage(reports: readonly FaultReport[]): string {
  const seconds = (value: number | null): string => (value === null ? '' : `${Math.round(value)} s`);
  const rows = reports.map((report) => [
    `\`${report.fault}\``,
    report.expected_alerts.join(', ') || 'none',
    report.received.join(', ') || 'none',
    String(report.notifications),
    seconds(report.seconds_to_page),
    seconds(report.resolved_seconds),
    String(report.false_alerts + report.false_resolves),
    report.ok ? 'yes' : 'no',
  ]);
  const widths = COLUMNS.map((column, i) => Math.max(3, column.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  const padded = (cells: readonly string[]): string => line(cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)));
  return HEADER + padded(COLUMNS) + line(widths.map((width) => '-'.repeat(width))) + rows.map(padded).join('');
}

const HEADER = `# What pages when something breaks

Written by \`npm run -s alerts -- --table docs/reference/alert-proof.md\`, which breaks one thing at a time on a real stack with Grafana,
Prometheus and a webhook receiver. "To page" counts from the moment the rule's condition holds (a robot is silent after 60 s), "resolved"
from the fix. Wrong: pages of other rules, and messages that say "resolved" before the fix. A fault that is not in the table was not run.
Rows can come from several runs (\`--from\`), the older ones with earlier versions of the rules.

`;
