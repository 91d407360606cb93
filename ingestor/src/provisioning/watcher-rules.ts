import type { AlertRule, RuleGroup } from './alert-rule.ts';

/** A restart of 30 s must page nobody. It takes up to 15 s more until the part responds and was asked again. */
const OUTAGE_SECONDS = 60;

/** Prometheus knows no ingestor: its own row, so that the alert says so. */
const NO_TARGET = `label_replace(vector(0), "instance", "none that Prometheus knows", "", "")`;

const watcher = {
  team: 'data',
  severity: 'critical',
  page: 'fleet',
  panelId: 8,
  keepFiringForSeconds: 20,
} as const satisfies Partial<AlertRule>;

/** One rule per part that the others need. Each names one cause, and the others stay quiet because of it. */
export const WATCHERS: RuleGroup = {
  name: 'watchers',
  intervalSeconds: 10,
  mutedByPlannedStop: false,
  rules: [
    {
      ...watcher,
      name: 'clickhouse-down',
      title: 'ClickHouse unreachable',
      runbook: 'clickhouse-down',
      summary: 'Grafana gets no answer from ClickHouse.',
      detail: 'ClickHouse does not answer Grafana.',
      impact:
        'Maps and dashboards show nothing new, and no robot alert can fire or resolve. Events wait in Kafka; nothing is lost while Kafka keeps them.',
      firstStep: 'Check that the ClickHouse server runs and answers /ping, then its disk and its log.',
      queries: [{ refId: 'answers', sql: 'SELECT 1. AS answers' }],
      condition: '$answers < 1',
      forSeconds: OUTAGE_SECONDS,
      noData: 'Alerting',
      onError: 'Alerting',
    },
    {
      ...watcher,
      name: 'prometheus-down',
      title: 'Prometheus unreachable',
      runbook: 'prometheus-down',
      summary: 'Grafana gets no answer from Prometheus.',
      detail: 'Prometheus does not answer Grafana.',
      impact: 'Nobody watches consumer lag, inserts, Kafka and the ingestor. Telemetry itself still flows.',
      firstStep: 'Check that the Prometheus server runs and answers /-/ready, then its disk and its log.',
      queries: [{ refId: 'answers', expr: 'vector(1)' }],
      condition: '$answers < 1',
      forSeconds: OUTAGE_SECONDS,
      noData: 'Alerting',
      onError: 'Alerting',
    },
    {
      ...watcher,
      name: 'ingestor-down',
      title: 'Ingestor down',
      runbook: 'ingestor-down',
      summary: 'Prometheus gets no answer from an ingestor.',
      detail: 'Prometheus gets no answer from the ingestor: {{ $labels.instance }}.',
      impact:
        'Its partitions are not stored until it, or another ingestor, reads them. Events wait in Kafka; nothing is lost while Kafka keeps them.',
      firstStep: 'Check that the ingestor runs and answers /healthz, then the end of its log.',
      queries: [{ refId: 'up', expr: `min by (instance) (up{job="floorwatch-ingestor"}) or on () ${NO_TARGET}` }],
      condition: '$up < 1',
      forSeconds: OUTAGE_SECONDS,
      // The query always has a row. An alert of NoData would have no instance to name.
      noData: 'KeepLast',
      onError: 'KeepLast',
    },
    {
      ...watcher,
      name: 'ingestor-silent',
      title: 'Ingestor silent',
      runbook: 'ingestor-down',
      summary: 'No ingestor has stored its offsets for more than a minute.',
      detail:
        'No ingestor has stored its offsets for {{ humanizeDuration (or $values.rows.Value 0.0) }}: it is down, or cannot read Kafka or write to ClickHouse.',
      impact:
        'Unless ClickHouse reads Kafka itself (path A), the map stands still and no robot alert can fire. Events wait in Kafka; nothing is lost while Kafka keeps them.',
      firstStep: 'Check that the ingestor runs and answers /healthz, then the end of its log.',
      page: 'pipeline',
      queries: [{ refId: 'rows', sql: 'SELECT silent_seconds FROM warehouse.v_alert_ingestor' }],
      isWithoutPrometheus: true,
      condition: 'is_number($rows)',
      // The view waits a minute. When ClickHouse answers again after an outage, ingestors need a moment to connect.
      forSeconds: 30,
      noData: 'OK',
      onError: 'KeepLast',
    },
    {
      ...watcher,
      name: 'kafka-down',
      title: 'Kafka unreachable',
      runbook: 'kafka-down',
      summary: 'The ingestor gets no answer from Kafka.',
      detail: 'Kafka has not answered the ingestor for {{ humanizeDuration (or $values.silence.Value 0.0) }}.',
      impact: 'Robots cannot deliver events. What they do not keep themselves is lost, and the map stands still.',
      firstStep: 'Check that the brokers run, and that the ingestor can connect to them (`ingestor check`).',
      // The value is a time, so an ingestor that hangs with Kafka cannot hide it.
      queries: [{ refId: 'silence', expr: 'time() - max(floorwatch_kafka_answered_timestamp_seconds)' }],
      condition: '$silence > 45',
      // A broker that restarts answers again after up to a minute. An ingestor that was frozen needs one more measurement.
      forSeconds: 30,
      noData: 'KeepLast',
      onError: 'KeepLast',
    },
  ],
};

/** Fires always. If the heartbeat stops, the alerting itself is broken: an outside service must notice that. */
export const WATCHDOG: RuleGroup = {
  name: 'watchdog',
  intervalSeconds: 10,
  mutedByPlannedStop: false,
  rules: [
    {
      ...watcher,
      name: 'watchdog',
      title: 'Watchdog',
      runbook: 'watchdog',
      severity: 'warning',
      summary: 'This alert always fires: it is the heartbeat of the alerting.',
      detail: 'Alerting works.',
      impact: 'None. If these notifications stop, Grafana or its way to the outside is broken.',
      firstStep: 'Nothing, while the heartbeat arrives. The outside service must page when it stops.',
      // No data source, so that their outages do not stop the heartbeat.
      queries: [],
      condition: '1 > 0',
      forSeconds: 0,
      noData: 'Alerting',
      onError: 'Alerting',
    },
  ],
};
