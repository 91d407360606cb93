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
import { INCIDENTS_URL, PROMETHEUS } from '../../grafana/identifiers';
import { unhurriedTimeRange } from '../../grafana/unhurriedTimeRange';
import { ReadNotice } from '../CannotRead';
import { IncidentList } from './IncidentList';
import { IncidentNotes } from './IncidentNotes';
import { alertsPanel, flowPanel, lagPanel, troublePanel } from './incidentPanels';
import { IncidentStore } from './incidentStore';
import { showIncident } from './showIncident';
import { honest } from '../sayWhenUnread';

const CHART_HEIGHT = 220;

/** What fired and when, beside what the fleet and the pipeline did then. */
export function incidentsPage(): SceneAppPage {
  return new SceneAppPage({
    title: t('pages.incidents.title', 'Incidents'),
    subTitle: t(
      'pages.incidents.subtitle',
      'What fired, what the fleet and the pipeline did then, and what was noted.'
    ),
    url: INCIDENTS_URL,
    routePath: 'incidents',
    preserveUrlKeys: ['from', 'to', 'timezone', 'incident', 'at'],
    getScene: incidentsScene,
  });
}

function incidentsScene(): EmbeddedScene {
  const hasPrometheus = getDataSourceSrv().getInstanceSettings(PROMETHEUS.uid) !== undefined;
  const store = new IncidentStore();
  const trouble = troublePanel();
  return new EmbeddedScene({
    $timeRange: unhurriedTimeRange({ from: 'now-6h', to: 'now' }),
    $behaviors: [
      new behaviors.SceneQueryController(),
      new behaviors.CursorSync({ sync: DashboardCursorSync.Crosshair }),
      store,
    ],
    controls: [
      new SceneControlsSpacer(),
      new SceneTimePicker({}),
      new SceneRefreshPicker({ refresh: '30s', intervals: ['10s', '30s', '1m', '5m'] }),
    ],
    body: new SceneFlexLayout({
      direction: 'column',
      children: [
        new SceneFlexItem({
          ySizing: 'content',
          body: new ReadNotice({
            what: t('incidents.charts', 'What the fleet and the pipeline did'),
            panel: trouble.getRef(),
          }),
        }),
        new SceneFlexLayout({
          direction: 'column',
          ySizing: 'content',
          $behaviors: [(layout) => showIncident({ store, hasPrometheus })(layout as SceneFlexLayout)],
          children: [],
        }),
        item(alertsPanel(store), CHART_HEIGHT),
        item(trouble, CHART_HEIGHT),
        item(flowPanel(), CHART_HEIGHT),
        ...(hasPrometheus ? [item(lagPanel(), CHART_HEIGHT)] : []),
        new SceneFlexItem({ ySizing: 'content', body: new IncidentList({ store }) }),
        new SceneFlexItem({ ySizing: 'content', body: new IncidentNotes({ store }) }),
      ],
    }),
  });
}

function item(body: VizPanel, height: number): SceneFlexItem {
  return new SceneFlexItem({ height, minHeight: height, body: honest(body) });
}
