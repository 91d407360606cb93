import { DashboardCursorSync, LoadingState } from '@grafana/data';
import { t } from '@grafana/i18n';
import { locationService } from '@grafana/runtime';
import {
  behaviors,
  EmbeddedScene,
  SceneAppPage,
  SceneControlsSpacer,
  SceneFlexItem,
  SceneFlexLayout,
  SceneRefreshPicker,
  SceneTimePicker,
  type SceneQueryRunner,
} from '@grafana/scenes';
import { ROBOT_URL } from '../../grafana/identifiers';
import { showText } from '../../grafana/showText';
import { unhurriedTimeRange } from '../../grafana/unhurriedTimeRange';
import { onAddress, runByAddress } from '../../queries/addressRunner';
import { idOfAddress, robotNeighbours, robotSheet } from '../../queries/oneRobot';
import { RobotHeader } from './RobotHeader';
import { RobotSheet } from './RobotSheet';
import { ROBOT_TAB_CONTENTS } from './tabContents';
import { nowOf, TabbedBody } from './TabbedBody';

/** Everything on the robot that the address names: what it does now, and what it did in the time range. */
export function robotPage(parent: SceneAppPage): SceneAppPage {
  const page = new SceneAppPage({
    title: t('pages.robot.title', 'Robot'),
    url: ROBOT_URL,
    routePath: 'robot',
    preserveUrlKeys: ['id', 'from', 'to', 'timezone', 'tab'],
    getParentPage: () => parent,
    getScene: () => robotScene({ onName: (title) => page.setState({ title }) }),
  });
  return page;
}

function robotScene({ onName }: { onName: (name: string) => void }): EmbeddedScene {
  const nameIt = () => onName(showText(idOfAddress(locationService.getSearch())) || t('pages.robot.title', 'Robot'));
  const sheet = runByAddress((parameters) => robotSheet(idOfAddress(parameters)));
  const header = new SceneFlexItem({
    ySizing: 'content',
    $data: runByAddress((parameters) => robotNeighbours(idOfAddress(parameters))),
    body: new RobotHeader({}),
  });
  const tabbed = new TabbedBody(ROBOT_TAB_CONTENTS);
  const tabs = new SceneFlexItem({ body: tabbed });
  return new EmbeddedScene({
    $timeRange: unhurriedTimeRange({ from: 'now-1h', to: 'now' }),
    // One axis of time: what a pointer is at on one panel, the other shows too.
    $behaviors: [
      new behaviors.SceneQueryController(),
      new behaviors.CursorSync({ sync: DashboardCursorSync.Crosshair }),
      () => {
        nameIt();
        return onAddress(nameIt);
      },
    ],
    controls: [
      new SceneControlsSpacer(),
      new SceneTimePicker({}),
      new SceneRefreshPicker({ refresh: '10s', intervals: ['5s', '10s', '30s', '1m', '5m'] }),
    ],
    body: new SceneFlexLayout({
      direction: 'column',
      $behaviors: [hideWithoutRobot({ sheet, past: [header, tabs], tabbed })],
      children: [header, new SceneFlexItem({ ySizing: 'content', $data: sheet, body: new RobotSheet({}) }), tabs],
    }),
  });
}

/** Scene behaviour: there is no past of a robot that nobody knows, and no place of now of one that is retired. */
function hideWithoutRobot({
  sheet,
  past,
  tabbed,
}: {
  sheet: SceneQueryRunner;
  past: SceneFlexItem[];
  tabbed: TabbedBody;
}) {
  return (): (() => void) => {
    const update = () => {
      const { data } = sheet.state;
      const now = nowOf(data);
      if (now !== null) tabbed.setState({ now });
      if (data?.state !== LoadingState.Done) return;
      const isHidden = (data.series[0]?.length ?? 0) === 0;
      for (const one of past) one.setState({ isHidden });
    };
    update();
    const subscription = sheet.subscribeToState(update);
    return () => subscription.unsubscribe();
  };
}
