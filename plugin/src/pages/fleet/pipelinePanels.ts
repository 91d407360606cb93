import { ThresholdsMode } from '@grafana/data';
import { t } from '@grafana/i18n';
import { BigValueColorMode, BigValueGraphMode, BigValueTextMode, TableCellDisplayMode } from '@grafana/schema';
import { PanelBuilders, type VizPanel } from '@grafana/scenes';
import { BEHIND_KAFKA } from '../../queries/metrics';
import { DEAD_LETTERS_BY_REASON, PIPELINE } from '../../queries/pipeline';
import { runInstant, runTable } from '../../queries/queryRunner';
import { textMappings, titleColumns } from '../columnTitles';

/** From this age on an alert rule fires. */
const LATE_SECONDS = 60;

/** What the query says of a path. */
const paths = () => ({
  'A: Kafka engine': t('fleet.pipeline.engine', 'A: Kafka engine'),
  'B: ingestor': t('fleet.pipeline.ingestor', 'B: ingestor'),
});
const states = () => ({
  running: t('pipeline.state.running', 'running'),
  off: t('pipeline.state.off', 'off'),
  joining: t('pipeline.state.joining', 'joining'),
  'no events': t('pipeline.state.empty', 'no events'),
  'off or no events': t('fleet.pipeline.off_or_empty', 'off or no events'),
});

/** Both ways from Kafka into ClickHouse, one row each. */
export function pipelinePanel(): VizPanel {
  return (
    PanelBuilders.table()
      .setTitle(t('pages.pipeline.title', 'Pipeline'))
      .setDescription(
        t(
          'fleet.pipeline.what',
          "The two ingestion paths from Kafka into ClickHouse: rows per second in the last minute, the age of the last row, messages that ClickHouse's own engine has not read, invalid messages in 5 minutes. A path that is off has no figures. How far the ingestor is behind is known to its metrics alone: the panel Behind Kafka has them."
        )
      )
      .setData(runTable(PIPELINE))
      .setNoValue('–')
      .setCustomFieldConfig('minWidth', 60)
      // ClickHouse's words on an exception are long, and the last of them tell.
      .setCustomFieldConfig('inspect', true)
      .setOverrides((overrides) => {
        titleColumns(overrides, ['Path', 'State', 'Rows/s', 'Last row', 'Unread', 'Refused', 'Error']);
        overrides.matchFieldsWithName('Path').overrideMappings(textMappings(paths()));
        overrides.matchFieldsWithName('State').overrideMappings(textMappings(states()));
        overrides
          .matchFieldsWithName('Unread')
          .overrideMappings(textMappings({ 'see Behind Kafka': t('fleet.pipeline.see', 'see Behind Kafka') }));
        for (const [name, width] of [
          ['Path', 125],
          ['State', 95],
          ['Rows/s', 75],
          ['Unread', 95],
          ['Refused', 75],
        ] as const) {
          overrides
            .matchFieldsWithName(name)
            .overrideCustomFieldConfig('width', width)
            .overrideCustomFieldConfig('wrapText', true)
            .overrideCustomFieldConfig('inspect', false);
        }
        overrides
          .matchFieldsWithName('Last row')
          .overrideUnit('s')
          .overrideDecimals(0)
          .overrideCustomFieldConfig('width', 92)
          .overrideCustomFieldConfig('inspect', false)
          .overrideCustomFieldConfig('cellOptions', { type: TableCellDisplayMode.ColorText })
          .overrideColor({ mode: 'thresholds' })
          .overrideThresholds({
            mode: ThresholdsMode.Absolute,
            steps: [
              { value: -Infinity, color: 'text' },
              { value: LATE_SECONDS, color: 'red' },
            ],
          });
      })
      .build()
  );
}

/** The lag of every consumer group, by the metrics that the alert rule reads. */
export function behindKafkaPanel(): VizPanel {
  return PanelBuilders.stat()
    .setTitle(t('fleet.behind.title', 'Behind Kafka'))
    .setDescription(
      t(
        'fleet.behind.what',
        'How old the oldest message is that a consumer group has not finished, from the metrics of the ingestor. floorwatch-ingestor is path B, floorwatch-engine path A.'
      )
    )
    .setData(runInstant(BEHIND_KAFKA, '{{group}}'))
    .setNoValue(t('fleet.behind.none', 'nobody measures it'))
    .setUnit('s')
    .setDecimals(0)
    .setOption('colorMode', BigValueColorMode.Value)
    .setOption('graphMode', BigValueGraphMode.None)
    .setOption('textMode', BigValueTextMode.ValueAndName)
    .setOption('wideLayout', false)
    .setColor({ mode: 'thresholds' })
    .setThresholds({
      mode: ThresholdsMode.Absolute,
      steps: [
        { value: -Infinity, color: 'green' },
        { value: LATE_SECONDS / 4, color: 'orange' },
        { value: LATE_SECONDS, color: 'red' },
      ],
    })
    .build();
}

/** Messages that broke a rule of the contract and were put aside. */
export function deadLettersPanel(): VizPanel {
  return PanelBuilders.table()
    .setTitle(t('fleet.refused.title', 'Dead letters'))
    .setDescription(
      t('fleet.refused.what', 'Invalid messages of the chosen time, by reason. They are kept with their raw bytes.')
    )
    .setData(runTable(DEAD_LETTERS_BY_REASON))
    .setNoValue(t('fleet.refused.none', 'No message was invalid in this time'))
    .setCustomFieldConfig('minWidth', 60)
    .setOverrides((overrides) => {
      titleColumns(overrides, ['Reason', 'Messages', 'Last', 'For example']);
      overrides.matchFieldsWithName('Reason').overrideCustomFieldConfig('width', 160);
      overrides.matchFieldsWithName('Messages').overrideCustomFieldConfig('width', 85);
      overrides.matchFieldsWithName('Last').overrideUnit('s').overrideCustomFieldConfig('width', 80);
      overrides
        .matchFieldsWithName('For example')
        .overrideCustomFieldConfig('minWidth', 130)
        .overrideCustomFieldConfig('wrapText', true);
    })
    .build();
}
