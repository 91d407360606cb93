import { DashboardCursorSync, LoadingState } from '@grafana/data';
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
  SceneTimeRange,
  type SceneQueryRunner,
  type VizPanel,
} from '@grafana/scenes';
import { ROBOT_URL } from '../../grafana/identifiers';
import { showText } from '../../grafana/showText';
import { onAddress, runByAddress } from '../../queries/addressRunner';
import { idOfAddress, robotSheet } from '../../queries/oneRobot';
import { eventsPanel, historyPanel, statesPanel, tasksPanel } from './robotPanels';
import { RobotSheet } from './RobotSheet';

/** Everything on the robot that the address names: what it does now, and what it did in the time range. */
export function robotPage(parent: SceneAppPage): SceneAppPage {
  const page = new SceneAppPage({
    title: 'Robot',
    url: ROBOT_URL,
    routePath: 'robot',
    preserveUrlKeys: ['id', 'from', 'to', 'timezone'],
    getParentPage: () => parent,
    getScene: () => robotScene({ onName: (title) => page.setState({ title }) }),
  });
  return page;
}

function robotScene({ onName }: { onName: (name: string) => void }): EmbeddedScene {
  const nameIt = () => onName(showText(idOfAddress(locationService.getSearch())) || 'Robot');
  const sheet = runByAddress((parameters) => robotSheet(idOfAddress(parameters)));
  const past = [item(statesPanel(), 130), item(historyPanel(), 260), item(tasksPanel(), 260), item(eventsPanel(), 420)];
  return new EmbeddedScene({
    $timeRange: new SceneTimeRange({ from: 'now-1h', to: 'now' }),
    // One axis of time: what a pointer is at on one panel, the other shows too.
    $behaviors: [
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
      $behaviors: [hideWithoutRobot({ sheet, past })],
      children: [new SceneFlexItem({ ySizing: 'content', $data: sheet, body: new RobotSheet({}) }), ...past],
    }),
  });
}

/** Scene behaviour: there is no past of a robot that nobody knows. */
function hideWithoutRobot({ sheet, past }: { sheet: SceneQueryRunner; past: SceneFlexItem[] }) {
  return (): (() => void) => {
    const update = () => {
      const { data } = sheet.state;
      if (data?.state !== LoadingState.Done) return;
      const isHidden = (data.series[0]?.length ?? 0) === 0;
      for (const one of past) one.setState({ isHidden });
    };
    update();
    const subscription = sheet.subscribeToState(update);
    return () => subscription.unsubscribe();
  };
}

function item(body: VizPanel, height: number): SceneFlexItem {
  return new SceneFlexItem({ height, minHeight: height, body });
}
