import consumerLag from '../../runbooks/consumer-lag.md';
import fleetDropoff from '../../runbooks/fleet-dropoff.md';
import insertFailures from '../../runbooks/insert-failures.md';
import telemetryDropoff from '../../runbooks/telemetry-dropoff.md';

export interface Runbook {
  /** Last part of the address; alert rules link to it. */
  slug: string;
  title: string;
  when: string;
  markdown: string;
}

export const RUNBOOKS: readonly Runbook[] = [
  {
    slug: 'telemetry-dropoff',
    title: 'Telemetry drop-off',
    when: 'One or more robots have gone silent while the others still report.',
    markdown: telemetryDropoff,
  },
  {
    slug: 'fleet-dropoff',
    title: 'Fleet drop-off',
    when: 'The whole fleet, or a whole ingestion path, is silent.',
    markdown: fleetDropoff,
  },
  {
    slug: 'consumer-lag',
    title: 'Consumer lag',
    when: 'A consumer group falls behind Kafka: Grafana shows the past.',
    markdown: consumerLag,
  },
  {
    slug: 'insert-failures',
    title: 'Insert failures',
    when: 'ClickHouse refuses what the ingestor inserts.',
    markdown: insertFailures,
  },
];

const RULE_PREFIX = 'floorwatch-';

/** The runbook of a rule, by its short name or by the uid of the alert rule. */
export function findRunbook(rule: string): Runbook | undefined {
  const slug = rule.startsWith(RULE_PREFIX) ? rule.slice(RULE_PREFIX.length) : rule;
  return RUNBOOKS.find((runbook) => runbook.slug === slug);
}
