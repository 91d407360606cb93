import { PanelBuilders, type VizPanel } from '@grafana/scenes';
import { MappingType } from '@grafana/data';
import { TableCellDisplayMode } from '@grafana/schema';
import { ROBOT_LINK, ROBOT_PAGE_LINK } from '../../grafana/address';
import { attention } from '../../queries/fleet';
import { fleetAt } from '../../queries/fleetAt';
import { BATTERY_THRESHOLDS } from '../statusMappings';
import { runAtMoment } from './momentRunner';

export const STATUS_COLOURS = { error: 'red', blocked: 'orange', silent: 'text' };

/** Robots that need somebody. A click on one brings the map to it, a click on the reason opens its page. */
export function attentionPanel(): VizPanel {
  return PanelBuilders.table()
    .setTitle('Needs attention')
    .setDescription(
      'Robots in error, blocked, silent for more than 60 s, that do not know where they are, or below 20 % and not charging. A click on a robot shows it on the map, a click on the reason opens its page.'
    )
    .setData(runAtMoment(attention(), (atMs) => attention(fleetAt(atMs))))
    .setNoValue('No robot needs anybody')
    .setCustomFieldConfig('minWidth', 60)
    .setOverrides((overrides) => {
      overrides
        .matchFieldsWithName('Robot')
        .overrideCustomFieldConfig('width', 100)
        .overrideCustomFieldConfig('wrapText', true)
        .overrideLinks([{ title: 'Show ${__value.text} on the map', url: ROBOT_LINK }]);
      overrides
        .matchFieldsWithName('robot_id')
        // The id of the table's own option: it has no option `hideFrom`.
        .overrideCustomFieldConfig('hideFrom.viz' as never, true as never);
      overrides
        .matchFieldsWithName('Status')
        .overrideCustomFieldConfig('cellOptions', { type: TableCellDisplayMode.ColorText })
        .overrideCustomFieldConfig('width', 65)
        .overrideMappings([
          {
            type: MappingType.ValueToText,
            options: Object.fromEntries(
              Object.entries(STATUS_COLOURS).map(([status, color], index) => [status, { color, index }])
            ),
          },
        ]);
      overrides
        .matchFieldsWithName('Since')
        .overrideNoValue('–')
        .overrideUnit('s')
        .overrideDecimals(0)
        .overrideCustomFieldConfig('width', 60);
      overrides
        .matchFieldsWithName('Where')
        .overrideCustomFieldConfig('width', 80)
        .overrideCustomFieldConfig('wrapText', true);
      overrides
        .matchFieldsWithName('Why')
        .overrideCustomFieldConfig('wrapText', true)
        .overrideLinks([{ title: 'Open the page of this robot', url: ROBOT_PAGE_LINK }]);
      overrides
        .matchFieldsWithName('Battery')
        .overrideNoValue('–')
        .overrideUnit('percent')
        .overrideDecimals(0)
        .overrideCustomFieldConfig('width', 65)
        .overrideCustomFieldConfig('cellOptions', { type: TableCellDisplayMode.ColorText })
        .overrideColor({ mode: 'thresholds' })
        .overrideThresholds(BATTERY_THRESHOLDS);
    })
    .build();
}
