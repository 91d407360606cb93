import { t } from '@grafana/i18n';
import {
  behaviors,
  EmbeddedScene,
  SceneAppPage,
  SceneControlsSpacer,
  SceneFlexItem,
  SceneFlexLayout,
  SceneRefreshPicker,
} from '@grafana/scenes';
import { ROBOTS_URL } from '../../grafana/identifiers';
import { unhurriedTimeRange } from '../../grafana/unhurriedTimeRange';
import { runByAddress } from '../../queries/addressRunner';
import { showTexts } from '../../queries/queryRunner';
import { readChoice, robotList } from '../../queries/robotList';
import { FilterBar } from '../filters/FilterBar';
import { RobotFilters } from './RobotFilters';
import { RobotListNotice } from './RobotListNotice';
import { robotTable, sortByAddress } from './robotTable';

/** As much table as the screen has. */
const TABLE_HEIGHT = 'max(400px, 100vh - 270px)';

/** All robots in service, of now. Search, filter, order and page are in the address, and ClickHouse does them. */
export function robotsPage(): SceneAppPage {
  return new SceneAppPage({
    title: t('pages.robots.title', 'Robots'),
    subTitle: t('pages.robots.subtitle', 'What each robot in service does now. A click on a robot opens its page.'),
    url: ROBOTS_URL,
    routePath: 'robots',
    getScene: () =>
      new EmbeddedScene({
        // Not asked for: links hand it on.
        $timeRange: unhurriedTimeRange({ from: 'now-1h', to: 'now' }),
        $behaviors: [new behaviors.SceneQueryController()],
        controls: [
          new RobotFilters({}),
          // Beside the search, at 1600 px in one row.
          new FilterBar({ width: 18 }),
          new SceneControlsSpacer(),
          new SceneRefreshPicker({ refresh: '10s', intervals: ['5s', '10s', '30s', '1m', '5m'] }),
        ],
        body: new SceneFlexLayout({
          direction: 'column',
          $data: showTexts(runByAddress((parameters) => robotList(readChoice(parameters)), { keepsRows: true })),
          children: [
            new SceneFlexItem({ ySizing: 'content', body: new RobotListNotice({}) }),
            new SceneFlexItem({
              height: TABLE_HEIGHT,
              minHeight: TABLE_HEIGHT,
              $behaviors: [(item) => sortByAddress(item as SceneFlexItem)],
              body: robotTable(),
            }),
          ],
        }),
      }),
  });
}
