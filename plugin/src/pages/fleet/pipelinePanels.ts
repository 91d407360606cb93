import { ThresholdsMode } from '@grafana/data';
import { TableCellDisplayMode } from '@grafana/schema';
import { PanelBuilders, type VizPanel } from '@grafana/scenes';
import { DEAD_LETTERS_BY_REASON, PIPELINE } from '../../queries/pipeline';
import { runTable } from '../queryRunner';

/** Both ways from Kafka into ClickHouse, one row each. */
export function pipelinePanel(): VizPanel {
  return PanelBuilders.table()
    .setTitle('Pipeline')
    .setDescription(
      'The two ingestion paths from Kafka into ClickHouse: rows in the last minute, the age of the last one, messages not yet read, messages refused in 5 minutes.'
    )
    .setData(runTable(PIPELINE))
    .setNoValue('–')
    .setCustomFieldConfig('minWidth', 60)
    .setOverrides((overrides) => {
      overrides.matchFieldsWithName('Path').overrideCustomFieldConfig('width', 125);
      overrides.matchFieldsWithName('Rows/s').overrideDecimals(1).overrideCustomFieldConfig('width', 75);
      overrides
        .matchFieldsWithName('Last row')
        .overrideUnit('s')
        .overrideDecimals(0)
        .overrideCustomFieldConfig('width', 85)
        .overrideCustomFieldConfig('cellOptions', { type: TableCellDisplayMode.ColorText })
        .overrideColor({ mode: 'thresholds' })
        .overrideThresholds({
          mode: ThresholdsMode.Absolute,
          steps: [
            { value: -Infinity, color: 'text' },
            { value: 60, color: 'red' },
          ],
        });
      overrides.matchFieldsWithName('Lag').overrideCustomFieldConfig('width', 60);
      overrides.matchFieldsWithName('Refused').overrideCustomFieldConfig('width', 80);
    })
    .build();
}

/** Messages that broke a rule of the contract and were put aside. */
export function deadLettersPanel(): VizPanel {
  return PanelBuilders.table()
    .setTitle('Dead letters')
    .setDescription('Messages that were refused in the chosen time, by reason. They are kept with their raw bytes.')
    .setData(runTable(DEAD_LETTERS_BY_REASON))
    .setNoValue('–')
    .setCustomFieldConfig('minWidth', 60)
    .setOverrides((overrides) => {
      overrides.matchFieldsWithName('Reason').overrideCustomFieldConfig('width', 165);
      overrides.matchFieldsWithName('Messages').overrideCustomFieldConfig('width', 90);
      overrides.matchFieldsWithName('Last').overrideUnit('s').overrideCustomFieldConfig('width', 90);
    })
    .build();
}
