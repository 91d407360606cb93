import type { PanelData } from '@grafana/data';
import { t } from '@grafana/i18n';
import { sceneGraph, type VizPanel } from '@grafana/scenes';
import { lastError } from './lastError';

/**
 * Scene behaviour of a panel: what it says without rows holds only if its query was answered. When the database refuses or does not
 * answer, "no event" would be wrong.
 */
export function sayWhenUnread(panel: VizPanel): () => void {
  const { noValue } = panel.state.fieldConfig.defaults;
  const data = sceneGraph.getData(panel);
  let failed: PanelData | null = null;
  const update = () => {
    failed = lastError(data.state.data, failed);
    const wanted = failed ? t('pages.unread', 'Not read: the sign beside the title says why') : noValue;
    const { fieldConfig } = panel.state;
    if (fieldConfig.defaults.noValue === wanted) return;
    panel.setState({ fieldConfig: { ...fieldConfig, defaults: { ...fieldConfig.defaults, noValue: wanted } } });
  };
  update();
  const subscription = data.subscribeToState(update);
  return () => subscription.unsubscribe();
}

/** The same panel, honest without an answer. */
export function honest(panel: VizPanel): VizPanel {
  panel.setState({ $behaviors: [...(panel.state.$behaviors ?? []), (one) => sayWhenUnread(one as VizPanel)] });
  return panel;
}
