import { initPluginTranslations } from '@grafana/i18n';
import { panelPlugin } from './panelPlugin';
import pluginJson from './plugin.json';

// The one catalogue of the app, which the build copies beside this panel: Grafana loads it for a dashboard without the app too.
await initPluginTranslations(pluginJson.id);

export const plugin = panelPlugin();
