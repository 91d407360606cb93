import React, { Suspense, lazy } from 'react';
import { AppPlugin } from '@grafana/data';
import { initPluginTranslations } from '@grafana/i18n';
import { loadResources } from '@grafana/scenes';
import { LoadingPlaceholder } from '@grafana/ui';
import pluginJson from './plugin.json';

// Scenes' own texts follow the user's language.
await initPluginTranslations(pluginJson.id, [loadResources]);

const LazyApp = lazy(() => import(/* webpackChunkName: "app" */ './App'));

const App = () => (
  <Suspense fallback={<LoadingPlaceholder text="" />}>
    <LazyApp />
  </Suspense>
);

export const plugin = new AppPlugin<{}>().setRootPage(App);
