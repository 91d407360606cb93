import { AppEvents } from '@grafana/data';
import { t } from '@grafana/i18n';
import { getAppEvents } from '@grafana/runtime';

/**
 * Puts a text on the clipboard, and says so where the browser does not allow it. The browser's own clipboard is there on
 * https and localhost only; within a plant, Grafana is often read by http.
 */
export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    if (copyBySelection(text)) return;
    getAppEvents().publish({
      type: AppEvents.alertError.name,
      payload: [t('map.copy_failed', 'The browser does not allow to copy'), text],
    });
  }
}

/** The old way, which every page may use while a click is handled. */
function copyBySelection(text: string): boolean {
  const field = document.createElement('textarea');
  field.value = text;
  Object.assign(field.style, { position: 'fixed', opacity: '0' });
  const { activeElement } = document;
  document.body.append(field);
  field.focus();
  field.select();
  const isCopied = document.execCommand?.('copy') ?? false;
  field.remove();
  if (activeElement instanceof HTMLElement) activeElement.focus();
  return isCopied;
}
