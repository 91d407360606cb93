import {
  behaviors,
  EmbeddedScene,
  SceneControlsSpacer,
  SceneDataLayerSet,
  SceneFlexItem,
  SceneFlexLayout,
  SceneRefreshPicker,
  SceneTimePicker,
  SceneVariableSet,
  VariableValueSelectors,
  type SceneDataProvider,
  type SceneStatelessBehavior,
  type VizPanel,
} from '@grafana/scenes';
import { DashboardCursorSync } from '@grafana/data';
import { unhurriedTimeRange } from '../../grafana/unhurriedTimeRange';
import { atMost, row } from '../layout';
import { FilterBar } from '../filters/FilterBar';
import { honest } from '../sayWhenUnread';
import { attentionPanel } from './attentionPanel';
import { batteryPanel } from './batteryPanel';
import { EventsLayer } from './eventsLayer';
import { FilterNotice } from './FilterNotice';
import { floorMapPanel } from './floorMapPanel';
import { behindKafkaPanel, deadLettersPanel, pipelinePanel } from './pipelinePanels';
import { KpiTiles } from './KpiTiles';
import { countsRunner, pastRunner } from './kpiRunners';
import { MomentNotice } from './MomentNotice';
import { NoRobots } from './NoRobots';
import { RetiredNotice } from './RetiredNotice';
import { robotDetail } from './robotDetail';
import { RobotVariable } from './RobotVariable';
import { showWithoutRobots, swapForOneRobot } from './shownItems';
import { statesPanel } from './statesPanel';
import { sayWhenUnknown } from './unknownMoment';

/** Taller on a wall display, which is read from afar. */
const FOOT_HEIGHT = 'max(250px, 18vh)';
/** As much map as the screen has, so that a wall display shows robots and not an empty page. */
const MAP_HEIGHT = 'max(560px, 100vh - 256px - 2 * max(84px, 6vh))';
/** Room for a task or an error code of 20 letters beside the other columns. */
const SIDE_WIDTH = 570;

/** The whole fleet on one page: how many, where, who needs help, and whether the data still flows. */
export function fleetScene(): EmbeddedScene {
  const counts = countsRunner();
  const hint = new SceneFlexItem({
    isHidden: true,
    ySizing: 'content',
    body: new NoRobots({}),
  });
  return new EmbeddedScene({
    $timeRange: unhurriedTimeRange({ from: 'now-1h', to: 'now' }),
    $variables: new SceneVariableSet({ variables: [new RobotVariable()] }),
    // The playback on the map and the charts show the same moment.
    $behaviors: [
      new behaviors.SceneQueryController(),
      new behaviors.CursorSync({ sync: DashboardCursorSync.Crosshair }),
    ],
    controls: [
      new VariableValueSelectors({}),
      // Beside the picker, at 1600 px in one row.
      new FilterBar({ width: 18 }),
      new SceneControlsSpacer(),
      new SceneTimePicker({}),
      // The map polls what changed in between, and everything else is asked half as often as without that.
      new SceneRefreshPicker({ refresh: '10s', intervals: ['1s', '5s', '10s', '30s', '1m', '5m'] }),
    ],
    body: new SceneFlexLayout({
      direction: 'column',
      // Of the tiles and of the state shares.
      $data: pastRunner(),
      $behaviors: [showWithoutRobots({ hint, counts })],
      children: [
        new SceneFlexItem({ ySizing: 'content', body: new MomentNotice({}) }),
        new SceneFlexItem({ ySizing: 'content', body: new FilterNotice({ counts }) }),
        new SceneFlexItem({ ySizing: 'content', body: new RetiredNotice({}) }),
        new SceneFlexItem({ ySizing: 'content', body: new KpiTiles({ counts }) }),
        hint,
        row([mapItem(), sideColumn(counts)]),
        row([footItem(statesPanel(), 320)]),
        row([
          footItem(batteryPanel(counts), 250, [sayWhenUnknown(counts)]),
          footItem(pipelinePanel(), 620),
          footItem(behindKafkaPanel(), 170),
          footItem(deadLettersPanel(), 480),
        ]),
      ],
    }),
  });
}

function mapItem(): SceneFlexItem {
  return new SceneFlexItem({
    minWidth: atMost(480),
    minHeight: MAP_HEIGHT,
    height: MAP_HEIGHT,
    $data: new SceneDataLayerSet({ layers: [new EventsLayer()] }),
    body: floorMapPanel(),
  });
}

/** Beside the map, or below it on a narrow screen: the robots that need somebody, or the one robot that was picked. */
function sideColumn(counts: SceneDataProvider): SceneFlexLayout {
  const detail = new SceneFlexItem({ isHidden: true, body: robotDetail() });
  const attention = new SceneFlexItem({ body: honest(attentionPanel()), $behaviors: [sayWhenUnknown(counts)] });
  return new SceneFlexLayout({
    direction: 'column',
    minWidth: atMost(SIDE_WIDTH),
    maxWidth: `max(${SIDE_WIDTH}px, 26vw, (1300px - 100vw) * 9999)`,
    minHeight: MAP_HEIGHT,
    height: MAP_HEIGHT,
    $behaviors: [swapForOneRobot({ detail, overview: attention })],
    children: [detail, attention],
  });
}

function footItem(body: VizPanel, minWidth: number, $behaviors: SceneStatelessBehavior[] = []): SceneFlexItem {
  return new SceneFlexItem({
    minWidth: atMost(minWidth),
    minHeight: FOOT_HEIGHT,
    height: FOOT_HEIGHT,
    $behaviors,
    body: honest(body),
  });
}
