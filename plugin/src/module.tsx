import React, { Suspense, lazy } from 'react';
import { AppPlugin, type AppRootProps, type PluginConfigPageProps, type AppPluginMeta } from '@grafana/data';
import { initPluginTranslations, t } from '@grafana/i18n';
import { loadResources } from '@grafana/scenes';
import { LoadingPlaceholder } from '@grafana/ui';
import { exposeComponents } from './extensions/exposed';
import { addLinks } from './extensions/links';
import type { SetupSettings } from './grafana/dataSources';
import pluginJson from './plugin.json';

// Our own texts are in `locales`, which Grafana loads (plugin.json, languages); those of Scenes follow the same language.
await initPluginTranslations(pluginJson.id, [loadResources]);

const LazyApp = lazy(() => import(/* webpackChunkName: "app" */ './App'));
const LazySetup = lazy(() => import(/* webpackChunkName: "setup" */ './setup/SetupPage'));

const App = (props: AppRootProps<SetupSettings>) => (
  <Suspense fallback={<LoadingPlaceholder text="" />}>
    <LazyApp settings={props.meta.jsonData ?? {}} />
  </Suspense>
);

const Setup = (props: PluginConfigPageProps<AppPluginMeta<SetupSettings>>) => (
  <Suspense fallback={<LoadingPlaceholder text="" />}>
    <LazySetup {...props} />
  </Suspense>
);

export const plugin = new AppPlugin<SetupSettings>().setRootPage(App).addConfigPage({
  id: 'setup',
  // eslint-disable-next-line i18n/no-translation-top-level -- the texts are loaded above
  title: t('setup.title', 'Setup'),
  icon: 'cog',
  body: Setup,
});
addLinks(plugin);
exposeComponents(plugin);
