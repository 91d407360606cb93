import { t } from '@grafana/i18n';
import {
  behaviors,
  EmbeddedScene,
  SceneAppPage,
  SceneControlsSpacer,
  SceneFlexItem,
  SceneFlexLayout,
  SceneRefreshPicker,
  SceneTimePicker,
} from '@grafana/scenes';
import { TASKS_URL } from '../../grafana/identifiers';
import { unhurriedTimeRange } from '../../grafana/unhurriedTimeRange';
import { runByAddress } from '../../queries/addressRunner';
import { readFilters } from '../../queries/pageFilters';
import { taskTimes } from '../../queries/tasks';
import { FilterBar } from '../filters/FilterBar';
import { panelItem, row } from '../layout';
import { TaskNotice } from './TaskNotice';
import {
  distributionPanel,
  failuresPanel,
  hoursPanel,
  outcomesPanel,
  robotsPanel,
  slowestPanel,
  timesPanel,
  totalsPanel,
  zonesPanel,
} from './taskPanels';

/** How long tasks take, where and when they are slow, which fail. All but the slowest tasks are one query. */
export function tasksPage(): SceneAppPage {
  return new SceneAppPage({
    title: t('pages.tasks.title', 'Tasks'),
    subTitle: t('pages.tasks.what', 'How long tasks take, where and when they are slow, and why they fail.'),
    url: TASKS_URL,
    routePath: 'tasks',
    getScene: () =>
      new EmbeddedScene({
        $timeRange: unhurriedTimeRange({ from: 'now-24h', to: 'now' }),
        $behaviors: [new behaviors.SceneQueryController()],
        controls: [
          new FilterBar(),
          new SceneControlsSpacer(),
          new SceneTimePicker({}),
          new SceneRefreshPicker({ refresh: '1m', intervals: ['30s', '1m', '5m'] }),
        ],
        body: new SceneFlexLayout({
          direction: 'column',
          $data: runByAddress((parameters, timeZone) => taskTimes(readFilters(parameters), timeZone), {
            keepsRows: true,
          }),
          children: [
            new SceneFlexItem({ ySizing: 'content', body: new TaskNotice({}) }),
            row([panelItem(totalsPanel(), 320, 110)]),
            row([panelItem(timesPanel(), 460, 260), panelItem(outcomesPanel(), 460, 260)]),
            row([panelItem(distributionPanel(), 460, 280), panelItem(hoursPanel(), 460, 280)]),
            row([panelItem(slowestPanel(), 700, 360)]),
            row([
              panelItem(zonesPanel(), 390, 320),
              panelItem(robotsPanel(), 420, 320),
              panelItem(failuresPanel(), 320, 320),
            ]),
          ],
        }),
      }),
  });
}
