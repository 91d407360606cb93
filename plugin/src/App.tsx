import React from 'react';
import { SceneApp, useSceneApp } from '@grafana/scenes';
import type { SetupSettings } from './grafana/dataSources';
import { KnownPages } from './pages/KnownPages';
import { MissingDataSource } from './pages/MissingDataSource';
import { fleetPage } from './pages/fleet/fleetPage';
import { floorAnalyticsPage } from './pages/floor-analytics/floorAnalyticsPage';
import { incidentsPage } from './pages/incidents/incidentsPage';
import { pipelinePage } from './pages/pipeline/pipelinePage';
import { robotPage } from './pages/robot/robotPage';
import { robotsPage } from './pages/robots/robotsPage';
import { runbooksPage } from './pages/runbooks/runbooksPage';
import { shiftReportPage } from './pages/shift-report/shiftReportPage';
import { tasksPage } from './pages/tasks/tasksPage';
import { applySettings } from './setup/applySettings';

function createApp() {
  const robots = robotsPage();
  return new SceneApp({
    pages: [
      fleetPage(),
      robots,
      robotPage(robots),
      tasksPage(),
      floorAnalyticsPage(),
      incidentsPage(),
      pipelinePage(),
      shiftReportPage(),
      runbooksPage(),
    ],
    urlSyncOptions: { updateUrlOnInit: true, createBrowserHistorySteps: true },
  });
}

export default function App({ settings }: { settings: SetupSettings }) {
  applySettings(settings);
  const app = useSceneApp(createApp);
  return (
    <KnownPages routePaths={app.state.pages.map(({ state }) => state.routePath)}>
      <MissingDataSource />
      <app.Component model={app} />
    </KnownPages>
  );
}
