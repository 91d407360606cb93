import { t } from '@grafana/i18n';
import { PanelBuilders, type VizPanel } from '@grafana/scenes';
import { TableCellDisplayMode } from '@grafana/schema';
import { statusWord } from '../../floormap/fleet/status';
import { ROBOT_LINK, ROBOT_PAGE_LINK } from '../../grafana/address';
import { attention } from '../../queries/fleet';
import { LOW_BATTERY } from '../../queries/lowBattery';
import { fleetOf } from '../../queries/narrowing';
import { textMappings, titleColumns } from '../columnTitles';
import { BATTERY_THRESHOLDS, MISSING, STATUS_WORDS, statusMapping } from '../statusMappings';
import { runAtMoment } from './momentRunner';

export const STATUS_COLOURS = { error: 'red', blocked: 'orange', silent: 'text' };

/** What the query gives as the reason. */
const reasons = (): Record<string, string> => ({
  ...Object.fromEntries(
    [...STATUS_WORDS, 'reporting'].map((word) => {
      const status = word === 'reporting' ? t('fleet.attention.reporting', 'reporting') : statusWord(word);
      const said = { age: '$1', status, rest: '$2' };
      return [
        `no report for (.*), was ${word}(|, .*)`,
        t('fleet.attention.silent', 'no report for {{age}}, was {{status}}{{rest}}', said),
      ];
    })
  ),
  'gives no error code': t('fleet.attention.no_code', 'gives no error code'),
  'does not know its place(.*)': t('fleet.attention.lost', 'does not know its place$1'),
  'low battery': t('robots.group.low_battery', 'low battery'),
});

/** Robots that need somebody. A click on one brings the map to it, a click on the reason opens its page. */
export function attentionPanel(): VizPanel {
  return PanelBuilders.table()
    .setTitle(t('fleet.attention.title', 'Needs attention'))
    .setDescription(
      t(
        'fleet.attention.what',
        'Robots in error, blocked, silent for more than 60 s, that do not know where they are, or below {{percent}} % and not charging. A click on a robot shows it on the map, a click on the reason opens its page.',
        { percent: LOW_BATTERY.percent }
      )
    )
    .setData(runAtMoment(({ atMs, narrowing }) => attention(fleetOf(atMs, narrowing))))
    .setNoValue(t('fleet.attention.none', 'No robot needs anybody'))
    .setCustomFieldConfig('minWidth', 60)
    .setOverrides((overrides) => {
      titleColumns(overrides, ['Robot', 'Status', 'Why', 'Since', 'Where', 'Battery']);
      overrides
        .matchFieldsWithName('Robot')
        .overrideCustomFieldConfig('width', 100)
        .overrideCustomFieldConfig('wrapText', true)
        .overrideLinks([{ title: t('fleet.attention.map', 'Show ${__value.text} on the map'), url: ROBOT_LINK }]);
      overrides
        .matchFieldsWithName('robot_id')
        // The id of the table's own option: it has no option `hideFrom`.
        .overrideCustomFieldConfig('hideFrom.viz' as never, true as never);
      overrides
        .matchFieldsWithName('Status')
        .overrideCustomFieldConfig('cellOptions', { type: TableCellDisplayMode.ColorText })
        // Room for "maintenance".
        .overrideCustomFieldConfig('width', 94)
        .overrideMappings([statusMapping(STATUS_COLOURS)]);
      overrides
        .matchFieldsWithName('Since')
        .overrideNoValue('–')
        .overrideUnit('s')
        .overrideDecimals(0)
        .overrideCustomFieldConfig('width', 60);
      overrides
        .matchFieldsWithName('Where')
        .overrideCustomFieldConfig('width', 90)
        .overrideCustomFieldConfig('wrapText', true)
        .overrideMappings(textMappings({ 'no floor(.*)': t('fleet.attention.no_floor', 'no floor$1') }));
      overrides
        .matchFieldsWithName('Why')
        .overrideCustomFieldConfig('minWidth', 150)
        .overrideCustomFieldConfig('wrapText', true)
        .overrideMappings(textMappings(reasons()))
        .overrideLinks([{ title: t('fleet.attention.open', 'Open the page of this robot'), url: ROBOT_PAGE_LINK }]);
      overrides
        .matchFieldsWithName('Battery')
        .overrideNoValue('–')
        .overrideUnit('percent')
        .overrideDecimals(0)
        .overrideCustomFieldConfig('width', 62)
        .overrideCustomFieldConfig('cellOptions', { type: TableCellDisplayMode.ColorText })
        .overrideColor({ mode: 'thresholds' })
        .overrideMappings([MISSING])
        .overrideThresholds(BATTERY_THRESHOLDS);
    })
    .build();
}
