import { ThresholdsMode } from '@grafana/data';
import { t } from '@grafana/i18n';
import { locationService } from '@grafana/runtime';
import { PanelBuilders, type SceneFlexItem, type VizPanel } from '@grafana/scenes';
import { TableCellDisplayMode } from '@grafana/schema';
import { changeAddress, ROBOT_LINK, ROBOT_PAGE_LINK } from '../../grafana/address';
import { hasSiteNames, siteMappings } from '../../grafana/siteNames';
import { onAddress } from '../../queries/addressRunner';
import { readChoice } from '../../queries/robotList';
import { columnOfTitle, columnTitle, linkWords, titleColumns } from '../columnTitles';
import { robotDataLinks } from '../robotLinks';
import { BATTERY_THRESHOLDS, MISSING, statusMappings } from '../statusMappings';

interface SortBy {
  displayName: string;
  desc: boolean;
}

/** Hidden: links read them. */
const LINK_FIELDS = { robot_id: 'robot_id', site_id: 'link_site', map_id: 'link_map', fleet: 'link_fleet' };

const COLUMNS = [
  ...['Robot', 'Map', 'Status', 'Since', 'Battery', 'Task', 'Floor', 'Zone', 'Model', 'Firmware'],
  ...['Clock offset', 'Last arrival', 'Site', 'Links'],
];

/** The list as a table, which takes its rows from the scene around it. */
export function robotTable(sortBy: SortBy[] = sortOfAddress()): VizPanel {
  // In a column of their own: a cell with several links opens a menu, which the keyboard does not reach.
  const links = robotDataLinks(LINK_FIELDS);
  const hidden = [
    ...Object.values(LINK_FIELDS),
    ...(links.length > 0 ? [] : ['Links']),
    ...(hasSiteNames() ? [] : ['Site']),
  ];
  return PanelBuilders.table()
    .setTitle(t('pages.robots.title', 'Robots'))
    .setNoValue(t('robots.nothing', 'No robot to show'))
    .setOption(
      'sortBy',
      sortBy.map((one) => ({ ...one, displayName: columnTitle(one.displayName) }))
    )
    .setCustomFieldConfig('minWidth', 75)
    .setOverrides((overrides) => {
      titleColumns(overrides, COLUMNS);
      for (const name of ['robots', ...hidden]) {
        // The id of the table's own option: it has no option `hideFrom`.
        overrides.matchFieldsWithName(name).overrideCustomFieldConfig('hideFrom.viz' as never, true as never);
      }
      // Links read what a field shows: without this, the text for an empty table in place of a value that a robot does not have.
      for (const name of Object.values(LINK_FIELDS)) overrides.matchFieldsWithName(name).overrideNoValue('');
      for (const name of ['Since', 'Battery', 'Task', 'Floor', 'Zone', 'Model', 'Firmware', 'Clock offset']) {
        overrides.matchFieldsWithName(name).overrideNoValue('–');
      }
      overrides
        .matchFieldsWithName('Robot')
        .overrideCustomFieldConfig('width', 140)
        .overrideLinks([{ title: t('tasks.open_robot', 'Open the page of ${__value.text}'), url: ROBOT_PAGE_LINK }]);
      overrides
        .matchFieldsWithName('Map')
        .overrideCustomFieldConfig('width', 55)
        .overrideMappings(linkWords())
        .overrideLinks([{ title: t('robots.map', 'Show it on the map'), url: ROBOT_LINK }]);
      overrides
        .matchFieldsWithName('Links')
        .overrideCustomFieldConfig('width', 60)
        .overrideMappings(linkWords())
        .overrideLinks(links);
      overrides
        .matchFieldsWithName('Status')
        .overrideCustomFieldConfig('width', 95)
        .overrideCustomFieldConfig('cellOptions', { type: TableCellDisplayMode.Pill })
        .overrideMappings(statusMappings());
      overrides
        .matchFieldsWithName('Since')
        .overrideUnit('dateTimeAsIsoNoDateIfToday')
        .overrideCustomFieldConfig('width', 140);
      for (const name of ['Floor', 'Model', 'Firmware']) {
        overrides.matchFieldsWithName(name).overrideCustomFieldConfig('width', 85);
      }
      overrides
        .matchFieldsWithName('Task')
        .overrideCustomFieldConfig('minWidth', 125)
        // Ids of tasks differ in their last letters.
        .overrideCustomFieldConfig('wrapText', true);
      overrides
        .matchFieldsWithName('Battery')
        .overrideUnit('percent')
        .overrideDecimals(0)
        .overrideCustomFieldConfig('width', 75)
        .overrideCustomFieldConfig('cellOptions', { type: TableCellDisplayMode.ColorText })
        .overrideColor({ mode: 'thresholds' })
        .overrideMappings([MISSING])
        .overrideThresholds(BATTERY_THRESHOLDS);
      overrides
        .matchFieldsWithName('Clock offset')
        .overrideUnit('s')
        .overrideDecimals(1)
        .overrideCustomFieldConfig('width', 100)
        .overrideCustomFieldConfig('cellOptions', { type: TableCellDisplayMode.ColorText })
        .overrideColor({ mode: 'thresholds' })
        .overrideMappings([MISSING])
        .overrideThresholds({
          mode: ThresholdsMode.Absolute,
          steps: [
            { value: -Infinity, color: 'red' },
            { value: -60, color: 'text' },
            { value: 60, color: 'red' },
          ],
        });
      overrides
        .matchFieldsWithName('Site')
        .overrideCustomFieldConfig('width', 90)
        .overrideNoValue('–')
        .overrideMappings(siteMappings());
      overrides
        .matchFieldsWithName('Last arrival')
        .overrideUnit('s')
        .overrideDecimals(0)
        .overrideCustomFieldConfig('width', 90);
    })
    .build();
}

/**
 * Scene behaviour: a click on a column's head changes the address, and so the query. When the address changes otherwise (Back),
 * the table is built anew, because it reads its order only once.
 */
export function sortByAddress(item: SceneFlexItem): () => void {
  let stopListening = () => {};
  const listen = () => {
    stopListening();
    const subscription = (item.state.body as VizPanel<{ sortBy?: SortBy[] }>).subscribeToState((next, before) => {
      if (next.options.sortBy === before.options.sortBy) return;
      const [first] = next.options.sortBy ?? [];
      const order = first?.desc ? 'desc' : null;
      changeAddress({ sort: first ? columnOfTitle(first.displayName) : null, order, page: null }, 'new step');
    });
    stopListening = () => subscription.unsubscribe();
  };
  const follow = () => {
    const [shown] = (item.state.body as VizPanel<{ sortBy?: SortBy[] }>).state.options.sortBy ?? [];
    const [wanted] = sortOfAddress();
    if (
      shown?.displayName === (wanted && columnTitle(wanted.displayName)) &&
      (shown?.desc ?? false) === (wanted?.desc ?? false)
    )
      return;
    item.setState({ body: robotTable() });
    listen();
  };
  follow();
  listen();
  const stopFollowing = onAddress(follow);
  return () => {
    stopFollowing();
    stopListening();
  };
}

function sortOfAddress(): SortBy[] {
  const { sort, isDescending } = readChoice(locationService.getSearch());
  return sort === '' ? [] : [{ displayName: sort, desc: isDescending }];
}
