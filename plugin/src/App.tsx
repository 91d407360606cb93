import React from 'react';
import { SceneApp, useSceneApp } from '@grafana/scenes';
import { MissingDataSource } from './pages/MissingDataSource';
import { fleetPage } from './pages/fleet/fleetPage';
import { runbooksPage } from './pages/runbooks/runbooksPage';

function createApp() {
  return new SceneApp({
    pages: [fleetPage(), runbooksPage()],
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
