import {
  behaviors,
  EmbeddedScene,
  QueryVariable,
  SceneControlsSpacer,
  SceneFlexItem,
  SceneFlexLayout,
  SceneRefreshPicker,
  SceneTimePicker,
  SceneTimeRange,
  SceneVariableSet,
  VariableValueSelectors,
} from '@grafana/scenes';
import { DashboardCursorSync, VariableRefresh } from '@grafana/data';
import { CLICKHOUSE } from '../../constants';
import { ROBOT_IDS } from '../../queries/fleet';
import { attentionPanel } from './attentionPanel';
import { batteryPanel } from './batteryPanel';
import { fleetCountsPanel } from './fleetCountsPanel';
import { floorMapPanel } from './floorMapPanel';
import { deadLettersPanel, pipelinePanel } from './pipelinePanels';
import { robotDetail } from './robotDetail';
import { swapForOneRobot } from './swapForOneRobot';

/** The whole fleet on one page: how many, where, who needs help, and whether the data still flows. */
export function fleetScene(): EmbeddedScene {
  return new EmbeddedScene({
    $timeRange: new SceneTimeRange({ from: 'now-1h', to: 'now' }),
    $variables: new SceneVariableSet({ variables: [robotVariable()] }),
    // The replay on the map and the charts show the same moment.
    $behaviors: [new behaviors.CursorSync({ sync: DashboardCursorSync.Crosshair })],
    controls: [
      new VariableValueSelectors({}),
      new SceneControlsSpacer(),
      new SceneTimePicker({}),
      new SceneRefreshPicker({ refresh: '5s', intervals: ['1s', '5s', '10s', '30s', '1m', '5m'] }),
    ],
    body: new SceneFlexLayout({
      direction: 'column',
      children: [
        new SceneFlexItem({ height: 92, ySizing: 'content', body: fleetCountsPanel() }),
        // As much map as the screen has, so that a wall display shows robots and not an empty page.
        row('max(480px, calc(100vh - 590px))', [new SceneFlexItem({ body: floorMapPanel() }), sideColumn()]),
        row('250px', [
          new SceneFlexItem({ width: 330, body: batteryPanel() }),
          new SceneFlexItem({ body: pipelinePanel() }),
          new SceneFlexItem({ body: deadLettersPanel() }),
        ]),
      ],
    }),
  });
}

function robotVariable(): QueryVariable {
  return new QueryVariable({
    name: 'robot',
    label: 'Robot',
    datasource: CLICKHOUSE,
    query: ROBOT_IDS,
    refresh: VariableRefresh.onDashboardLoad,
    includeAll: true,
    defaultToAll: true,
    isMulti: true,
    maxVisibleValues: 3,
  });
}

/** Beside the map: the robots that need somebody, or the one robot that was picked. */
function sideColumn(): SceneFlexLayout {
  const detail = new SceneFlexItem({ isHidden: true, body: robotDetail() });
  const attention = new SceneFlexItem({ body: attentionPanel() });
  return new SceneFlexLayout({
    direction: 'column',
    width: 450,
    $behaviors: [swapForOneRobot({ detail, overview: attention })],
    children: [detail, attention],
  });
}

function row(height: string, children: Array<SceneFlexItem | SceneFlexLayout>): SceneFlexLayout {
  return new SceneFlexLayout({ direction: 'row', minHeight: height, height, ySizing: 'content', children });
}
