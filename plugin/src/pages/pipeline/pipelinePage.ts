import { DashboardCursorSync } from '@grafana/data';
import { t } from '@grafana/i18n';
import { getDataSourceSrv } from '@grafana/runtime';
import {
  behaviors,
  EmbeddedScene,
  SceneAppPage,
  SceneControlsSpacer,
  SceneFlexItem,
  SceneFlexLayout,
  SceneRefreshPicker,
  SceneTimePicker,
  type VizPanel,
} from '@grafana/scenes';
import { PIPELINE_URL, PROMETHEUS } from '../../grafana/identifiers';
import { unhurriedTimeRange } from '../../grafana/unhurriedTimeRange';
import { runByAddress } from '../../queries/addressRunner';
import { deadLetters, readDeadLetterChoice } from '../../queries/deadLetters';
import { PATHS } from '../../queries/pipeline';
import { runRows } from '../../queries/queryRunner';
import { panelItem, row } from '../layout';
import { DeadLetters } from './DeadLetters';
import {
  checksPanel,
  metricPanels,
  partitionsPanel,
  reasonsPanel,
  rejectedPanel,
  rollUpsPanel,
  storedPanel,
} from './flowPanels';
import { runIngestorMetrics } from './ingestorMetrics';
import { PathCards } from './PathCards';
import { honest } from '../sayWhenUnread';

const PANEL_HEIGHT = 260;
const CHECKS_HEIGHT = 380;

/** From Kafka to ClickHouse: both paths, what is behind, what was invalid, and how ClickHouse does. */
export function pipelinePage(): SceneAppPage {
  return new SceneAppPage({
    title: t('pages.pipeline.title', 'Pipeline'),
    subTitle: t('pages.pipeline.subtitle', 'From Kafka to ClickHouse: what is late, what was invalid, and what to do.'),
    url: PIPELINE_URL,
    routePath: 'pipeline',
    preserveUrlKeys: ['from', 'to', 'timezone', 'reason', 'page'],
    getScene: pipelineScene,
  });
}

function pipelineScene(): EmbeddedScene {
  const hasPrometheus = getDataSourceSrv().getInstanceSettings(PROMETHEUS.uid) !== undefined;
  return new EmbeddedScene({
    $timeRange: unhurriedTimeRange({ from: 'now-1h', to: 'now' }),
    $behaviors: [
      new behaviors.SceneQueryController(),
      new behaviors.CursorSync({ sync: DashboardCursorSync.Crosshair }),
    ],
    controls: [
      new SceneControlsSpacer(),
      new SceneTimePicker({}),
      new SceneRefreshPicker({ refresh: '10s', intervals: ['5s', '10s', '30s', '1m', '5m'] }),
    ],
    body: new SceneFlexLayout({
      direction: 'column',
      children: [
        new SceneFlexItem({
          ySizing: 'content',
          $data: runRows(PATHS),
          body: new PathCards(hasPrometheus ? { metrics: runIngestorMetrics() } : {}),
        }),
        row([item(storedPanel(), 320), item(partitionsPanel(), 520)]),
        ...(hasPrometheus ? [row(metricPanels().map((panel) => item(panel, 250)))] : []),
        row([item(checksPanel(), 760, CHECKS_HEIGHT)]),
        row([item(rejectedPanel(), 360), item(reasonsPanel(), 420), item(rollUpsPanel(), 320)]),
        new SceneFlexItem({
          ySizing: 'content',
          $data: runByAddress((parameters) => deadLetters(readDeadLetterChoice(parameters))),
          body: new DeadLetters({}),
        }),
      ],
    }),
  });
}

/** Side by side where there is room, else below one another. */
function item(body: VizPanel, minWidthPx: number, height = PANEL_HEIGHT): SceneFlexItem {
  return panelItem(honest(body), minWidthPx, height);
}
