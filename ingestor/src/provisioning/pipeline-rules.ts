import type { AlertRule, Query, RuleGroup } from './alert-rule.ts';

const LAG_SECONDS = 60;
const LONG_LAG_SECONDS = 300;
/** A lag that is gone in this time at its present pace pages nobody. */
const DRAINS_WITHIN_SECONDS = 600;
const INVALID_PERCENT = 2;
const INVALID_EVENTS = 10;

/**
 * While ClickHouse does not answer, this query fails, so its rule keeps its last state: the rule about ClickHouse names the cause, and
 * what follows from it pages nobody.
 */
const ONLY_WITH_CLICKHOUSE: Query = { refId: 'clickhouse', sql: 'SELECT 1. AS answers' };

/**
 * While path A has no view that reads, its lag grows. The storage rule names that cause, so its lag pages nobody: the view has 2 while path A
 * reads and 1 otherwise, which must be more than the 1 of a group of path A, or the 0 of any other.
 */
const PATH_A_READS: Query = { refId: 'clickhouse', sql: 'SELECT reads FROM warehouse.v_alert_engine_view' };
const IS_PATH_A =
  'max by (group, topic) (floorwatch_consumer_lag_seconds{path="engine"} >= bool 0) or max by (group, topic) (floorwatch_consumer_lag_seconds < bool 0)';

const LAG = 'max by (group, topic) (floorwatch_consumer_lag_seconds)';

function lagRule(suffix: string, seconds: number, severity: 'warning' | 'critical'): AlertRule {
  return {
    name: `consumer-lag${suffix}`,
    title: severity === 'critical' ? 'Consumer lag, long' : 'Consumer lag',
    runbook: 'consumer-lag',
    team: 'data',
    severity,
    summary: `A consumer group is more than ${seconds / 60} min behind Kafka and does not catch up.`,
    detail:
      'Group {{ $labels.group }} is {{ humanizeDuration (or $values.lag.Value 0.0) }} behind on {{ $labels.topic }}: {{ humanize (or $values.messages.Value 0.0) }} messages wait, {{ $values.stopped.Value }} partitions do not move.',
    impact:
      'Grafana shows the past, and alerts about robots come late by the same time. Nothing is lost while Kafka keeps it.',
    firstStep: 'See whether all partitions stand still (the consumer hangs) or lag grows (it is too slow).',
    page: 'pipeline',
    panelId: 6,
    queries: [
      { refId: 'lag', expr: LAG },
      // Seconds of lag that are added per second: 1 while nothing is read, negative while it drains.
      { refId: 'growth', expr: `deriv((${LAG})[1m:5s])` },
      {
        refId: 'messages',
        expr: 'sum by (group, topic) (max by (group, topic, partition) (floorwatch_consumer_lag_messages))',
      },
      {
        refId: 'stopped',
        expr: 'sum by (group, topic) (deriv((max by (group, topic, partition) (floorwatch_consumer_lag_seconds))[1m:5s]) > bool 0.9)',
      },
      { refId: 'engine', expr: IS_PATH_A },
      PATH_A_READS,
    ],
    condition: `$lag > ${seconds} && $growth * ${DRAINS_WITHIN_SECONDS} > 0 - $lag && $clickhouse > $engine`,
    forSeconds: 60,
    keepFiringForSeconds: 30,
    noData: 'KeepLast',
    onError: 'KeepLast',
  };
}

const WINDOW = '[1m]';

export const PIPELINE: RuleGroup = {
  name: 'pipeline',
  intervalSeconds: 10,
  mutedByPlannedStop: false,
  rules: [
    lagRule('', LAG_SECONDS, 'warning'),
    lagRule('-long', LONG_LAG_SECONDS, 'critical'),
    {
      name: 'insert-failures',
      title: 'Insert failures',
      runbook: 'insert-failures',
      team: 'data',
      severity: 'critical',
      summary: 'The ingestor cannot store events of at least one partition in ClickHouse.',
      detail: 'Inserts into ClickHouse fail: {{ $labels.reason }} {{ $labels.code }}.',
      impact:
        'The map stands still for the robots of these partitions. Nothing is lost: the ingestor repeats each insert and keeps its place in Kafka.',
      firstStep:
        'Read the reason and the partition in the log of the ingestor (disk full, too many parts, no rights), and fix that.',
      page: 'pipeline',
      panelId: 5,
      queries: [{ refId: 'failing', expr: 'max by (reason, code) (floorwatch_inserts_failing)' }, ONLY_WITH_CLICKHOUSE],
      condition: '$failing > 0 && $clickhouse > 0',
      forSeconds: 40,
      keepFiringForSeconds: 30,
      noData: 'KeepLast',
      onError: 'KeepLast',
    },
    {
      name: 'invalid-events',
      title: 'Invalid events',
      runbook: 'invalid-events',
      team: 'data',
      severity: 'warning',
      summary: 'Many events are invalid and are not stored.',
      detail: '{{ printf "%.0f" $values.share.Value }} % of the events are invalid: {{ $labels.reason }}.',
      impact:
        'These events are missing on the map and in every figure. Their bytes are kept as dead letters and can be repaired.',
      firstStep: 'See a sample in the dead letters, and which robots or which software version send them.',
      page: 'pipeline',
      panelId: 7,
      queries: [
        {
          refId: 'share',
          expr: `100 * sum by (reason) (rate(floorwatch_rejected_events_total${WINDOW})) / on () group_left () clamp_min(sum(rate(floorwatch_events_total${WINDOW})) + sum(rate(floorwatch_rejected_events_total${WINDOW})), 0.001)`,
        },
        { refId: 'events', expr: `sum by (reason) (increase(floorwatch_rejected_events_total${WINDOW}))` },
      ],
      condition: `$share > ${INVALID_PERCENT} && $events >= ${INVALID_EVENTS}`,
      forSeconds: 40,
      keepFiringForSeconds: 30,
      noData: 'KeepLast',
      onError: 'KeepLast',
    },
  ],
};

export const STORAGE: RuleGroup = {
  name: 'storage',
  intervalSeconds: 20,
  mutedByPlannedStop: false,
  rules: [
    {
      name: 'storage',
      title: 'Storage needs attention',
      runbook: 'storage',
      team: 'data',
      severity: 'by row',
      summary: 'ClickHouse works, but something in it needs attention.',
      detail:
        '{{ $labels.check }} {{ $labels.subject }}: {{ $labels.problem }} {{ $values.rows.Value }} {{ $labels.unit }}.',
      impact: 'Figures can be old, or inserts stop soon if nobody acts.',
      firstStep: 'Do what the label `remedy` of the alert says; the runbook says more.',
      page: 'pipeline',
      panelId: 8,
      queries: [
        {
          refId: 'rows',
          sql: 'SELECT check, subject, severity, problem, remedy, unit, amount FROM warehouse.v_alert_storage',
        },
      ],
      condition: 'is_number($rows)',
      // Longer than a minute, because a roll-up that fails once is repeated after a minute.
      forSeconds: 70,
      keepFiringForSeconds: 30,
      noData: 'OK',
      onError: 'KeepLast',
    },
  ],
};
