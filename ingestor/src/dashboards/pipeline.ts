import { dashboard, IS_WHOLE_MINUTE } from './dashboard.ts';
import { stat, table, timeSeries } from './panels.ts';

const NO_METRICS = 'No metrics: the ingestor or Prometheus does not answer';

export const PIPELINE = dashboard({
  name: 'pipeline',
  title: 'pipeline',
  description: 'From Kafka to ClickHouse: what is behind, what fails, and what to do about it.',
  from: 'now-1h',
  refresh: '30s',
  variables: [],
  rows: [
    [
      stat({
        title: 'Problems',
        description:
          'Good: 0 critical and 0 warnings. Otherwise: read the table Checks below; it names the cause and the command that fixes it.',
        width: 8,
        query: `SELECT countIf(status = 'critical') AS Critical, countIf(status = 'warning') AS Warnings, countIf(status = 'ok') AS OK
          FROM warehouse.v_health`,
        limits: { Critical: { red: 1 }, Warnings: { orange: 1 } },
      }),
      stat({
        title: 'Events stored per second, last minute',
        description:
          'Good: about robots × their reporting rate on each path that is on. A path that is off shows 0. Otherwise: look at the lag, then at the insert failures.',
        width: 8,
        unit: 'eps',
        query: `SELECT sumIf(rows_per_second_1m, path = 'engine') AS "A: Kafka engine", sumIf(rows_per_second_1m, path = 'ingestor') AS "B: ingestor"
          FROM warehouse.v_pipeline`,
      }),
      stat({
        title: 'Longest lag of a partition',
        description:
          'How long the oldest message that is not stored has waited. Good: below 15 s. From 60 s on, the fleet page shows the past: follow the runbook Consumer lag.',
        width: 8,
        unit: 's',
        query: `SELECT maxOrNullIf(lag_seconds, path = 'engine') AS "A: Kafka engine", maxOrNullIf(lag_seconds, path = 'ingestor') AS "B: ingestor"
          FROM warehouse.v_path_offsets`,
        limits: { 'A: Kafka engine': { orange: 15, red: 60 }, 'B: ingestor': { orange: 15, red: 60 } },
      }),
    ],
    [
      table({
        title: 'Checks',
        description:
          'All checks of the pipeline and of ClickHouse (lag, invalid events, refreshes, parts, merges, mutations, disk, backup), the worst first. Good: every status is ok. Otherwise: do what the last column says.',
        width: 24,
        height: 12,
        query: `SELECT status AS Status, check AS Check, subject AS Subject, value AS Now, threshold AS Limit, unit AS Unit, problem AS Problem, remedy AS "What to do"
          FROM warehouse.v_health ORDER BY indexOf(['critical', 'warning', 'ok'], status), check, subject`,
        columns: {
          Status: { width: 90 },
          Check: { width: 140 },
          Subject: { width: 260 },
          Now: { width: 90, decimals: 0 },
          Limit: { width: 90, decimals: 0 },
          Unit: { width: 230 },
          Problem: { text: true },
          'What to do': { text: true },
        },
      }),
    ],
    [
      timeSeries({
        title: 'Lag per partition in messages',
        description:
          'Messages in Kafka that a consumer group has not committed. Good: small, and it returns to 0. If one partition grows alone, it has no owner or a slow one: see the table Partitions.',
        width: 8,
        noValue: NO_METRICS,
        query: {
          '{{group}} {{topic}}/{{partition}}': 'max by (group, topic, partition) (floorwatch_consumer_lag_messages)',
        },
      }),
      timeSeries({
        title: 'Lag per partition in seconds',
        description:
          'Age of the oldest message that a consumer group has not committed. Good: below 15 s. Otherwise: if it falls, wait; if it grows, follow the runbook Consumer lag.',
        width: 8,
        unit: 's',
        limits: { orange: 15, red: 60 },
        noValue: NO_METRICS,
        query: {
          '{{group}} {{topic}}/{{partition}}': 'max by (group, topic, partition) (floorwatch_consumer_lag_seconds)',
        },
      }),
      table({
        title: 'Partitions',
        description:
          'How far each path has stored each partition, the longest lag first. Good: lag below 15 s and a sample age below 30 s. An old sample: the ingestor cannot reach Kafka.',
        width: 8,
        noValue: 'No sample of the last day: the ingestor does not reach Kafka or ClickHouse',
        query: `SELECT if(path = 'engine', 'A', 'B') AS Path, topic AS Topic, partition AS Partition, lag_messages AS Messages, lag_seconds AS Lag,
            dateDiff('second', sampled_at, now64(3)) AS "Sample age"
          FROM warehouse.v_path_offsets ORDER BY lag_seconds DESC, topic, partition, path`,
        columns: {
          Path: { width: 60 },
          Topic: { width: 150 },
          Lag: { unit: 's', decimals: 0, orange: 15, red: 60 },
          'Sample age': { unit: 's', decimals: 0, orange: 30, red: 60 },
        },
      }),
    ],
    [
      timeSeries({
        title: 'Events stored per second, both paths',
        description:
          'Events of all robots without duplicates, by event time, in whole minutes. Good: follows the shifts. A sudden fall with no lag: robots or their network stopped sending.',
        width: 8,
        unit: 'eps',
        noValue: 'No events in this time',
        query: `SELECT $__timeInterval(minute) AS time, sum(events) / (60 * uniqExact(minute)) AS Events
          FROM warehouse.v_throughput WHERE $__timeFilter(minute) AND ${IS_WHOLE_MINUTE} GROUP BY time ORDER BY time`,
      }),
      timeSeries({
        title: 'Read from Kafka by the ingestor',
        description:
          'Good: as many events as messages, or more if messages are batches. Many duplicates: a producer retries, or somebody replays.',
        width: 8,
        unit: 'eps',
        noValue: NO_METRICS,
        query: {
          Messages: 'sum(rate(floorwatch_messages_total[1m]))',
          'Valid events': 'sum(rate(floorwatch_events_total[1m]))',
          Duplicates: 'sum(rate(floorwatch_duplicate_events_total[1m]))',
        },
      }),
      timeSeries({
        title: 'Dead letters by reason',
        description:
          'Invalid events of both paths. Good: none. Otherwise: the reason names the field; correct the sender, then run `ingestor dead-letters requeue`.',
        width: 8,
        draw: 'bars',
        noValue: 'No invalid event in this time',
        displayName: '${__field.labels.reason}',
        query: `SELECT $__timeInterval(received_at) AS time, reason, count() AS events
          FROM warehouse.v_dead_letters WHERE $__timeFilter(received_at) GROUP BY time, reason ORDER BY time`,
      }),
    ],
    [
      timeSeries({
        title: 'Inserts per second',
        description:
          'Good: about 1 per second and table, and 0 failures. Failures: ClickHouse is busy, read-only or unreachable; the runbook Insert failures says how to tell. No event is lost, because offsets wait.',
        width: 8,
        unit: 'cps',
        noValue: NO_METRICS,
        query: {
          Confirmed: 'sum(rate(ch_insert_batches_total[1m]))',
          Failed: 'sum(rate(floorwatch_insert_failures_total[1m]))',
          'Failed, dead letters': 'sum(rate(floorwatch_dead_letter_insert_failures_total[1m]))',
        },
      }),
      timeSeries({
        title: 'Duration of inserts',
        description:
          'Good: p95 below 1 s. Otherwise: look for many parts, a long merge or a full disk in the table Checks.',
        width: 8,
        unit: 's',
        limits: { orange: 1, red: 10 },
        noValue: 'No insert in this time, or no metrics',
        query: {
          p50: 'histogram_quantile(0.5, sum by (le) (rate(floorwatch_insert_seconds_bucket[5m])))',
          p95: 'histogram_quantile(0.95, sum by (le) (rate(floorwatch_insert_seconds_bucket[5m])))',
          p99: 'histogram_quantile(0.99, sum by (le) (rate(floorwatch_insert_seconds_bucket[5m])))',
        },
      }),
      timeSeries({
        title: 'Size of the rows that wait in the ingestor',
        description:
          'Size of the rows that are read and not yet stored. Good: a few megabytes, up and down. If it stays at its limit, partitions pause: ClickHouse is slower than Kafka.',
        width: 8,
        unit: 'bytes',
        noValue: NO_METRICS,
        query: { '{{instance}}': 'floorwatch_buffered_bytes' },
      }),
    ],
    [
      table({
        title: 'Roll-ups',
        description:
          'Minutes that are not computed yet. Good: 0 late minutes. Otherwise: see the check refresh above; pages and dashboards show old minutes until it works.',
        width: 12,
        height: 7,
        query: `SELECT roll_up AS "Roll-up", dateDiff('second', newest_minute, now()) AS "Newest minute, age", left_minutes AS "Left minutes", late_minutes AS "Late minutes"
          FROM warehouse.v_roll_ups ORDER BY roll_up`,
        columns: { 'Newest minute, age': { unit: 's', decimals: 0 }, 'Late minutes': { red: 1 } },
      }),
      table({
        title: 'Dead letters that are kept',
        description:
          'By reason, whatever the chosen time. Good: Open is 0. Otherwise: look at the sample, correct the sender, then requeue.',
        width: 12,
        height: 7,
        noValue: 'No event was ever invalid',
        query: `SELECT reason AS Reason, dead_letters - repaired AS Open, repaired AS Repaired, last_sample AS Sample
          FROM warehouse.v_dead_letter_reasons ORDER BY Open DESC, Reason`,
        columns: { Open: { width: 80, orange: 1 }, Repaired: { width: 80 }, Sample: { text: true } },
      }),
    ],
  ],
});
