import { PanelBuilders, type VizPanel } from '@grafana/scenes';
import { MappingType, ThresholdsMode } from '@grafana/data';
import { TableCellDisplayMode } from '@grafana/schema';
import { FLEET_URL } from '../../grafana/identifiers';
import { ATTENTION } from '../../queries/fleet';
import { runTable } from '../../queries/queryRunner';

export const STATUS_COLOURS = { error: 'red', blocked: 'orange', silent: 'text' };

/** Robots that need somebody, with the way to each one's own view. */
export function attentionPanel(): VizPanel {
  return PanelBuilders.table()
    .setTitle('Needs attention')
    .setDescription(
      'Robots in error, blocked, silent for more than 60 s, that do not know where they are, or below 20 % and not charging.'
    )
    .setData(runTable(ATTENTION))
    .setNoValue('No robot needs anybody')
    .setCustomFieldConfig('minWidth', 60)
    .setOverrides((overrides) => {
      overrides
        .matchFieldsWithName('Robot')
        .overrideCustomFieldConfig('width', 105)
        .overrideLinks([
          { title: 'Show ${__value.text}', url: `${FLEET_URL}?var-robot=\${__value.text:percentencode}` },
        ]);
      overrides
        .matchFieldsWithName('Status')
        .overrideCustomFieldConfig('cellOptions', { type: TableCellDisplayMode.ColorText })
        .overrideCustomFieldConfig('width', 75)
        .overrideMappings([
          {
            type: MappingType.ValueToText,
            options: Object.fromEntries(
              Object.entries(STATUS_COLOURS).map(([status, color], index) => [status, { color, index }])
            ),
          },
        ]);
      overrides
        .matchFieldsWithName('Last event')
        .overrideUnit('s')
        .overrideDecimals(0)
        .overrideCustomFieldConfig('width', 85);
      overrides.matchFieldsWithName('Why').overrideCustomFieldConfig('wrapText', true);
      overrides
        .matchFieldsWithName('Battery')
        .overrideNoValue('–')
        .overrideUnit('percent')
        .overrideDecimals(0)
        .overrideCustomFieldConfig('width', 70)
        .overrideCustomFieldConfig('cellOptions', { type: TableCellDisplayMode.ColorText })
        .overrideColor({ mode: 'thresholds' })
        .overrideThresholds({
          mode: ThresholdsMode.Absolute,
          steps: [
            { value: -Infinity, color: 'red' },
            { value: 10, color: 'orange' },
            { value: 20, color: 'text' },
          ],
        });
    })
    .build();
}
