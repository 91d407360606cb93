import { SceneDataLayerSet, SceneFlexItem, SceneFlexLayout, SceneTimeRange, VizPanel } from '@grafana/scenes';
import { t } from '@grafana/i18n';
import { locationService } from '@grafana/runtime';
import { FLOOR_MAP_PANEL } from '../../grafana/identifiers';
import { onAddress, runByAddress } from '../../queries/addressRunner';
import { idOfAddress, robotSurroundings } from '../../queries/oneRobot';
import { readEventChoice, robotEvents } from '../../queries/robotEvents';
import { showTexts } from '../../queries/queryRunner';
import { EventsLayer } from '../fleet/eventsLayer';
import { EventListNotice } from './EventListNotice';
import { eventsPanel, historyPanel, tasksPanel, timelinePanel } from './robotPanels';
import type { RobotTab } from './robotTabs';
import { anomalyPanel, delayPanel, peersPanel, rhythmPanel, rhythmSummaryPanel } from './telemetryPanels';
import { honest } from '../sayWhenUnread';
import { mapFieldConfig } from '../robotLinks';

const MAP_HEIGHT = 'max(380px, 100vh - 560px)';
const LIST_HEIGHT = 'max(400px, 100vh - 420px)';

/** What each tab shows, built when it is opened. */
export const ROBOT_TAB_CONTENTS: Record<RobotTab, () => SceneFlexItem[]> = {
  now: () => [item(mapOfRobot(), MAP_HEIGHT)],
  history: () => [withAlerts(timelinePanel(), 230), withAlerts(historyPanel(), 300)],
  telemetry: () => [item(rhythmSummaryPanel(), 110), item(rhythmPanel(), 260), item(delayPanel(), 240)],
  tasks: () => [item(tasksPanel(), LIST_HEIGHT)],
  events: () => [
    new SceneFlexItem({
      body: new SceneFlexLayout({
        direction: 'column',
        $data: showTexts(
          runByAddress((parameters) => robotEvents(idOfAddress(parameters), readEventChoice(parameters)), {
            keepsRows: true,
          })
        ),
        children: [
          new SceneFlexItem({ ySizing: 'content', body: new EventListNotice({}) }),
          item(eventsPanel(), LIST_HEIGHT),
        ],
      }),
    }),
  ],
  anomaly: () => [
    new SceneFlexItem({
      // Scores are those of whole hours: its own time range is not asked again every few seconds.
      $timeRange: new SceneTimeRange({ from: 'now-7d', to: 'now' }),
      body: new SceneFlexLayout({
        direction: 'column',
        children: [item(anomalyPanel(), 280), item(peersPanel(), 240)],
      }),
    }),
  ],
};

/** The robot's floor, which the map keeps in view while the robot moves. */
function mapOfRobot(): VizPanel {
  const followed = () => idOfAddress(locationService.getSearch());
  return new VizPanel({
    // A map of its own: it keeps its own view.
    key: 'panel-2',
    pluginId: FLOOR_MAP_PANEL,
    fieldConfig: mapFieldConfig(),
    title: t('robot.map.title', 'On the map'),
    $data: runByAddress((parameters) => robotSurroundings(idOfAddress(parameters))),
    options: { followedRobot: followed() },
    $behaviors: [
      (panel) =>
        onAddress(() => (panel as VizPanel<{ followedRobot: string }>).onOptionsChange({ followedRobot: followed() })),
    ],
  });
}

function withAlerts(body: VizPanel, height: number): SceneFlexItem {
  const layer = new EventsLayer({ robotOf: () => idOfAddress(locationService.getSearch()) });
  return new SceneFlexItem({
    height,
    minHeight: height,
    $data: new SceneDataLayerSet({ layers: [layer] }),
    body: honest(body),
  });
}

function item(body: VizPanel, height: number | string): SceneFlexItem {
  return new SceneFlexItem({ height, minHeight: height, body: honest(body) });
}
