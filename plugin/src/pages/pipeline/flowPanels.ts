import { MappingType } from '@grafana/data';
import { t } from '@grafana/i18n';
import { PanelBuilders, type VizPanel } from '@grafana/scenes';
import { GraphDrawStyle, GraphThresholdsStyleMode, StackingMode } from '@grafana/schema';
import { PIPELINE_URL, RUNBOOKS_URL } from '../../grafana/identifiers';
import { INGESTOR_METRICS, LAG_MESSAGES_BY_PARTITION, LAG_SECONDS_BY_PARTITION } from '../../queries/metrics';
import { CHECKS, PARTITIONS, REASONS, REJECTED_OVER_TIME, ROLL_UPS, STORED_OVER_TIME } from '../../queries/pipeline';
import { runRange, runSeries, runTable, showTexts } from '../../queries/queryRunner';
import { withWords } from '../statusMappings';
import { thresholdsOf, withColumns } from '../tableColumns';
import { checkMappings } from './checkTexts';
import { LATE_SECONDS } from './pathState';

/** From this lag on somebody should look, before the alert fires at `LATE_SECONDS`. */
const WATCH_SECONDS = 15;

export function partitionsPanel(): VizPanel {
  return withColumns(
    PanelBuilders.table()
      .setTitle(t('pipeline.partitions.title', 'Lag per partition'))
      .setDescription(
        t(
          'pipeline.partitions.what',
          'How far each path has stored each partition, the longest lag first. An old sample: the ingestor, which measures both paths, cannot reach Kafka or ClickHouse.'
        )
      )
      .setData(runTable(PARTITIONS))
      .setNoValue(t('pipeline.partitions.none', 'No path has reported its offsets in the last day')),
    {
      path: { title: t('pipeline.column.path', 'Path'), width: 55 },
      topic: { title: t('pipeline.column.topic', 'Topic'), minWidth: 130 },
      partition: { title: t('pipeline.column.partition', 'Partition'), width: 85 },
      lag_messages: { title: t('pipeline.column.messages', 'Messages'), width: 108, unit: 'short', decimals: 0 },
      lag_seconds: {
        title: t('pipeline.column.lag', 'Lag'),
        width: 100,
        unit: 's',
        decimals: 1,
        orange: WATCH_SECONDS,
        red: LATE_SECONDS,
      },
      sample_seconds: {
        title: t('pipeline.column.sample', 'Sample age'),
        width: 115,
        unit: 's',
        decimals: 0,
        orange: 30,
        red: 60,
      },
    }
  ).build();
}

export function storedPanel(): VizPanel {
  return PanelBuilders.timeseries()
    .setTitle(t('pipeline.stored.title', 'Events per second, both paths'))
    .setDescription(
      t(
        'pipeline.stored.what',
        'Events of all robots without duplicates, by event time. A fall without a lag: robots or their network stopped sending.'
      )
    )
    .setData(runSeries(STORED_OVER_TIME))
    .setNoValue(t('pipeline.stored.none', 'No event in this time range'))
    .setUnit('eps')
    .setMin(0)
    .setOption('legend', { showLegend: false })
    .setCustomFieldConfig('fillOpacity', 10)
    .setOverrides((overrides) =>
      overrides.matchFieldsWithName('events').overrideDisplayName(t('pipeline.stored.events', 'Events'))
    )
    .build();
}

export function rejectedPanel(): VizPanel {
  return PanelBuilders.timeseries()
    .setTitle(t('pipeline.rejected.title', 'Invalid events by reason'))
    .setData(showTexts(runSeries(REJECTED_OVER_TIME)))
    .setNoValue(t('pipeline.rejected.none', 'No invalid event in this time range'))
    .setUnit('short')
    .setMin(0)
    .setDecimals(0)
    .setDisplayName('${__field.labels.reason}')
    .setCustomFieldConfig('drawStyle', GraphDrawStyle.Bars)
    .setCustomFieldConfig('fillOpacity', 60)
    .setCustomFieldConfig('stacking', { mode: StackingMode.Normal, group: 'A' })
    .build();
}

export function reasonsPanel(): VizPanel {
  return withColumns(
    PanelBuilders.table()
      .setTitle(t('pipeline.reasons.title', 'Kept dead letters by reason'))
      .setDescription(
        t(
          'pipeline.reasons.what',
          'All that are kept, whatever the time range. A click on a reason lists those of the range.'
        )
      )
      .setData(runTable(REASONS))
      .setNoValue(t('pipeline.reasons.none', 'No event was ever invalid')),
    {
      reason: {
        title: t('pipeline.column.reason', 'Reason'),
        minWidth: 140,
        isWrapped: true,
        links: [
          {
            title: t('pipeline.reasons.link', 'List those of the time range'),
            url: `${PIPELINE_URL}?reason=\${__value.raw:percentencode}&\${__url_time_range}`,
          },
        ],
      },
      open: { title: t('pipeline.column.open', 'Open'), width: 80, unit: 'short', decimals: 0, orange: 1 },
      repaired: { title: t('pipeline.column.requeued', 'Requeued'), width: 90, unit: 'short', decimals: 0 },
      last_hour: {
        title: t('pipeline.column.last_hour', 'Last hour'),
        width: 90,
        unit: 'short',
        decimals: 0,
        orange: 1,
      },
      last_received_at: { title: t('pipeline.column.last', 'Last'), width: 160, unit: 'dateTimeAsIsoNoDateIfToday' },
    }
  ).build();
}

export function checksPanel(): VizPanel {
  const mappings = checkMappings();
  return withColumns(
    PanelBuilders.table()
      .setTitle(t('pipeline.checks.title', 'Checks of ClickHouse: parts, merges, refreshes, disks'))
      .setDescription(
        t(
          'pipeline.checks.what',
          'The worst first. The last columns say what is wrong and what to do; the check opens its runbook.'
        )
      )
      .setData(runTable(CHECKS)),
    {
      status: {
        title: t('pipeline.column.status', 'Status'),
        width: 90,
        isPill: true,
        mappings: [
          {
            type: MappingType.ValueToText,
            options: withWords({
              critical: { color: 'red', index: 0, text: t('pipeline.check.critical', 'critical') },
              warning: { color: 'orange', index: 1, text: t('pipeline.check.warning', 'warning') },
              ok: { color: 'green', index: 2, text: t('pipeline.check.ok', 'ok') },
            }),
          },
        ],
      },
      check: {
        title: t('pipeline.column.check', 'Check'),
        width: 120,
        links: [
          {
            title: t('pipeline.checks.link', 'Open the runbook'),
            url: `${RUNBOOKS_URL}/\${__data.fields.runbook:percentencode}`,
          },
        ],
      },
      subject: { title: t('pipeline.column.subject', 'Subject'), width: 150, isWrapped: true },
      value: { title: t('pipeline.column.value', 'Now'), width: 85, unit: 'short', decimals: 0 },
      threshold: { title: t('pipeline.column.limit', 'Limit'), width: 75, unit: 'short', decimals: 0 },
      unit: { title: t('pipeline.column.unit', 'Unit'), width: 190, isWrapped: true, mappings: mappings.unit },
      problem: {
        title: t('pipeline.column.problem', 'Problem'),
        minWidth: 180,
        isWrapped: true,
        mappings: mappings.problem,
      },
      remedy: {
        title: t('pipeline.column.remedy', 'What to do'),
        minWidth: 300,
        isWrapped: true,
        mappings: mappings.remedy,
      },
      runbook: { title: '', isHidden: true },
    }
  ).build();
}

export function rollUpsPanel(): VizPanel {
  return withColumns(
    PanelBuilders.table()
      .setTitle(t('pipeline.rollups.title', 'Roll-ups'))
      .setDescription(
        t(
          'pipeline.rollups.what',
          'Minutes that are not computed yet. Late minutes should be 0; otherwise pages and dashboards show old minutes.'
        )
      )
      .setData(runTable(ROLL_UPS))
      .setNoValue(t('pipeline.rollups.none', 'No event was ever stored, so there is nothing to roll up')),
    {
      roll_up: { title: t('pipeline.column.roll_up', 'Roll-up'), minWidth: 130 },
      newest_seconds: { title: t('pipeline.column.newest', 'Newest minute, age'), width: 150, unit: 's', decimals: 0 },
      left_minutes: { title: t('pipeline.column.left', 'Left'), width: 70, unit: 'short', decimals: 0 },
      late_minutes: { title: t('pipeline.column.late', 'Late'), width: 70, unit: 'short', decimals: 0, red: 1 },
    }
  ).build();
}

/** The panels that only Prometheus can fill. */
export function metricPanels(): VizPanel[] {
  const none = t('pipeline.metrics.none', 'No sample in this time range: the ingestor or Prometheus does not answer');
  const byPartition = '{{group}} {{topic}}/{{partition}}';
  return [
    PanelBuilders.timeseries()
      .setTitle(t('pipeline.lag_seconds.title', 'Lag per partition in seconds'))
      .setDescription(
        t('pipeline.lag_seconds.what', 'Age of the oldest message that is not stored. From 60 s on an alert fires.')
      )
      .setData(runRange([{ expr: LAG_SECONDS_BY_PARTITION, legendFormat: byPartition }]))
      .setNoValue(none)
      .setUnit('s')
      .setMin(0)
      .setThresholds(thresholdsOf({ orange: WATCH_SECONDS, red: LATE_SECONDS }, 'green'))
      .setCustomFieldConfig('thresholdsStyle', { mode: GraphThresholdsStyleMode.Dashed })
      .build(),
    PanelBuilders.timeseries()
      .setTitle(t('pipeline.lag_messages.title', 'Lag per partition in messages'))
      .setData(runRange([{ expr: LAG_MESSAGES_BY_PARTITION, legendFormat: byPartition }]))
      .setNoValue(none)
      .setUnit('short')
      .setMin(0)
      .build(),
    PanelBuilders.timeseries()
      .setTitle(t('pipeline.inserts.title', 'Duration of inserts'))
      .setData(
        runRange([
          { expr: INGESTOR_METRICS.insert_p50, legendFormat: 'p50' },
          { expr: INGESTOR_METRICS.insert_p95, legendFormat: 'p95' },
        ])
      )
      .setNoValue(none)
      .setUnit('s')
      .setMin(0)
      .build(),
    PanelBuilders.timeseries()
      .setTitle(t('pipeline.failures.title', 'Failed inserts per second'))
      .setDescription(
        t('pipeline.failures.what', 'No event is lost: the ingestor repeats the insert and keeps its offset.')
      )
      .setData(
        runRange([
          {
            expr: 'sum(rate(floorwatch_insert_failures_total[1m]))',
            legendFormat: t('pipeline.failures.events', 'Events'),
          },
          {
            expr: 'sum(rate(floorwatch_dead_letter_insert_failures_total[1m]))',
            legendFormat: t('pipeline.failures.letters', 'Dead letters'),
          },
        ])
      )
      .setNoValue(none)
      .setUnit('cps')
      .setMin(0)
      .build(),
  ];
}
