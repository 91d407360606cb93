import { t } from '@grafana/i18n';
import { locationService } from '@grafana/runtime';
import {
  behaviors,
  EmbeddedScene,
  SceneAppPage,
  SceneControlsSpacer,
  SceneFlexLayout,
  SceneRefreshPicker,
  SceneTimePicker,
  type SceneFlexItem,
  type VizPanel,
} from '@grafana/scenes';
import { FLOOR_ANALYTICS_URL } from '../../grafana/identifiers';
import { unhurriedTimeRange } from '../../grafana/unhurriedTimeRange';
import { onAddress } from '../../queries/addressRunner';
import { readFloorChoice, type FloorChoice } from '../../queries/floorChoice';
import { FilterBar } from '../filters/FilterBar';
import { panelItem, row } from '../layout';
import { FloorChoices } from './FloorChoices';
import { cellsPanel, floorPanel, silencePanel, zonesPanel } from './floorPanels';

const MAP_HEIGHT_PX = 560;

/** Where on the floor robots wait, fail, lose their place or fall silent, compared with another time range. */
export function floorAnalyticsPage(): SceneAppPage {
  return new SceneAppPage({
    title: t('pages.floor.title', 'Floor analytics'),
    subTitle: t('pages.floor.what', 'Where robots wait, fail, lose their place or stop reporting.'),
    url: FLOOR_ANALYTICS_URL,
    routePath: 'floor-analytics',
    getScene: () =>
      new EmbeddedScene({
        $timeRange: unhurriedTimeRange({ from: 'now-6h', to: 'now' }),
        $behaviors: [new behaviors.SceneQueryController()],
        controls: [
          new FilterBar({ names: ['map'] }),
          new FloorChoices({}),
          new SceneControlsSpacer(),
          new SceneTimePicker({}),
          new SceneRefreshPicker({ refresh: '1m', intervals: ['1m', '5m'] }),
        ],
        body: new SceneFlexLayout({
          direction: 'column',
          children: [
            row([
              builtAgain(floorPanel, 640, MAP_HEIGHT_PX, ({ measure, map, compare }) => [measure, map, compare]),
              builtAgain(cellsPanel, 380, MAP_HEIGHT_PX, ({ measure }) => [measure]),
            ]),
            row([panelItem(zonesPanel(), 640, 360)]),
            row([panelItem(silencePanel(), 640, 400)]),
          ],
        }),
      }),
  });
}

/** A panel whose options follow the address: it is built again when what it depends on changes. */
function builtAgain(
  build: (choice: FloorChoice) => VizPanel,
  minWidthPx: number,
  heightPx: number,
  dependsOn: (choice: FloorChoice) => readonly string[]
): SceneFlexItem {
  const choiceNow = () => readFloorChoice(locationService.getSearch());
  const keyOf = (choice: FloorChoice) => JSON.stringify(dependsOn(choice));
  let built = keyOf(choiceNow());
  const item = panelItem(build(choiceNow()), minWidthPx, heightPx);
  item.addActivationHandler(() => {
    const follow = () => {
      const choice = choiceNow();
      if (keyOf(choice) === built) return;
      built = keyOf(choice);
      item.setState({ body: build(choice) });
    };
    follow();
    return onAddress(follow);
  });
  return item;
}
