import React from 'react';
import { SceneApp, useSceneApp } from '@grafana/scenes';
import { MissingDataSource } from './pages/MissingDataSource';
import { fleetPage } from './pages/fleet/fleetPage';
import { robotPage } from './pages/robot/robotPage';
import { robotsPage } from './pages/robots/robotsPage';
import { runbooksPage } from './pages/runbooks/runbooksPage';
import { tasksPage } from './pages/tasks/tasksPage';

function createApp() {
  const robots = robotsPage();
  return new SceneApp({
    pages: [fleetPage(), robots, robotPage(robots), tasksPage(), runbooksPage()],
    urlSyncOptions: { updateUrlOnInit: true, createBrowserHistorySteps: true },
  });
}

export default function App() {
  const app = useSceneApp(createApp);
  return (
    <>
      <MissingDataSource />
      <app.Component model={app} />
    </>
  );
}
