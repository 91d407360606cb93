import type { Viewport } from '../geometry/viewport';

type KeptView = Pick<Viewport, 'centreXMetres' | 'centreYMetres' | 'pxPerMetre'>;

const PREFIX = 'floorwatch.view.';

/**
 * The view that a user left a panel with, kept for the browser tab: it outlives edit mode, a theme change and a reload.
 * @param key names the panel and the floor
 */
export function recallView(key: string): KeptView | null {
  try {
    const kept = JSON.parse(sessionStorage.getItem(PREFIX + key) ?? 'null') as Partial<KeptView> | null;
    const isWhole = kept && [kept.centreXMetres, kept.centreYMetres, kept.pxPerMetre].every(Number.isFinite);
    return isWhole ? (kept as KeptView) : null;
  } catch {
    // Storage may be forbidden or hold something else; then the view is fitted.
    return null;
  }
}

/** Keeps the view, or forgets it (null), so that the map fits its content again. */
export function keepView(key: string, view: Viewport | null): void {
  try {
    if (!view) return sessionStorage.removeItem(PREFIX + key);
    const { centreXMetres, centreYMetres, pxPerMetre } = view;
    sessionStorage.setItem(PREFIX + key, JSON.stringify({ centreXMetres, centreYMetres, pxPerMetre }));
  } catch {
    // Storage may be full or forbidden: the view then lives as long as the panel.
  }
}
