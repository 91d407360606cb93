import { t } from '@grafana/i18n';
import clickhouseDown from '../../runbooks/clickhouse-down.md';
import consumerLag from '../../runbooks/consumer-lag.md';
import flow from '../../runbooks/flow.md';
import ingestorDown from '../../runbooks/ingestor-down.md';
import insertFailures from '../../runbooks/insert-failures.md';
import invalidEvents from '../../runbooks/invalid-events.md';
import kafkaDown from '../../runbooks/kafka-down.md';
import prometheusDown from '../../runbooks/prometheus-down.md';
import robotNeedsHelp from '../../runbooks/robot-needs-help.md';
import silentGroup from '../../runbooks/silent-group.md';
import storage from '../../runbooks/storage.md';
import telemetryDropoff from '../../runbooks/telemetry-dropoff.md';
import watchdog from '../../runbooks/watchdog.md';

export interface Runbook {
  /** Last part of the address; alert rules link to it. */
  slug: string;
  title: string;
  when: string;
  markdown: string;
}

/** The causes first, then what can follow from them. */
export const runbooks = (): readonly Runbook[] => [
  {
    slug: 'clickhouse-down',
    title: t('runbooks.clickhouse_down.title', 'ClickHouse unreachable'),
    when: t('runbooks.clickhouse_down.when', 'Grafana gets no answer from ClickHouse.'),
    markdown: clickhouseDown,
  },
  {
    slug: 'prometheus-down',
    title: t('runbooks.prometheus_down.title', 'Prometheus unreachable'),
    when: t('runbooks.prometheus_down.when', 'Grafana gets no answer from Prometheus.'),
    markdown: prometheusDown,
  },
  {
    slug: 'ingestor-down',
    title: t('runbooks.ingestor_down.title', 'Ingestor down'),
    when: t('runbooks.ingestor_down.when', 'Prometheus gets no answer from an ingestor.'),
    markdown: ingestorDown,
  },
  {
    slug: 'kafka-down',
    title: t('runbooks.kafka_down.title', 'Kafka unreachable'),
    when: t('runbooks.kafka_down.when', 'The ingestor gets no answer from Kafka.'),
    markdown: kafkaDown,
  },
  {
    slug: 'consumer-lag',
    title: t('runbooks.consumer_lag.title', 'Consumer lag'),
    when: t(
      'runbooks.consumer_lag.when',
      'A consumer group is behind Kafka and does not catch up: Grafana shows the past.'
    ),
    markdown: consumerLag,
  },
  {
    slug: 'insert-failures',
    title: t('runbooks.insert_failures.title', 'Insert failures'),
    when: t('runbooks.insert_failures.when', 'The ingestor cannot store events in ClickHouse.'),
    markdown: insertFailures,
  },
  {
    slug: 'invalid-events',
    title: t('runbooks.invalid_events.title', 'Invalid events'),
    when: t('runbooks.invalid_events.when', 'Many events are invalid and are not stored.'),
    markdown: invalidEvents,
  },
  {
    slug: 'storage',
    title: t('runbooks.storage.title', 'Storage needs attention'),
    when: t('runbooks.storage.when', 'ClickHouse works, but something in it needs attention.'),
    markdown: storage,
  },
  {
    slug: 'silent-group',
    title: t('runbooks.silent_group.title', 'Group of robots silent'),
    when: t(
      'runbooks.silent_group.when',
      'A whole group of robots stopped sending: the fleet, a site, a floor, a zone, a model or a firmware.'
    ),
    markdown: silentGroup,
  },
  {
    slug: 'telemetry-dropoff',
    title: t('runbooks.telemetry_dropoff.title', 'Telemetry drop-off'),
    when: t(
      'runbooks.telemetry_dropoff.when',
      'A robot stopped sending, or sends much less than usual, while others report.'
    ),
    markdown: telemetryDropoff,
  },
  {
    slug: 'robot-needs-help',
    title: t('runbooks.robot_needs_help.title', 'Robot needs help'),
    when: t('runbooks.robot_needs_help.when', 'A robot reports, but cannot continue without a person.'),
    markdown: robotNeedsHelp,
  },
  {
    slug: 'flow',
    title: t('runbooks.flow.title', 'Tasks stopped'),
    when: t('runbooks.flow.when', 'Far fewer tasks end than usual.'),
    markdown: flow,
  },
  {
    slug: 'watchdog',
    title: t('runbooks.watchdog.title', 'Watchdog'),
    when: t('runbooks.watchdog.when', 'The heartbeat of the alerting.'),
    markdown: watchdog,
  },
];

const RULE_PREFIX = 'floorwatch-';

/** Rules without a runbook of their own name, and one of an earlier version, whose links are in old messages. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  'fleet-dropoff': 'silent-group',
  'consumer-lag-long': 'consumer-lag',
  'ingestor-silent': 'ingestor-down',
  'telemetry-slow': 'telemetry-dropoff',
};

/** The runbook of a rule, by its short name or by the uid of the alert rule. */
export function findRunbook(rule: string): Runbook | undefined {
  const slug = rule.startsWith(RULE_PREFIX) ? rule.slice(RULE_PREFIX.length) : rule;
  return runbooks().find((runbook) => runbook.slug === (OTHER_NAMES[slug] ?? slug));
}
