import type { Viewport } from '../geometry/viewport';

type KeptView = Pick<Viewport, 'centreXMetres' | 'centreYMetres' | 'pxPerMetre'>;

const PREFIX = 'floorwatch.view.';
/** What the browser's storage would hold, for pages that may not use it. */
const keptHere = new Map<string, KeptView>();

/** Names the view of one floor in one panel of one page. */
export function viewKey(panelId: number, mapId: string | null): string {
  return `${window.location.pathname} ${panelId} ${mapId ?? ''}`;
}

/**
 * The view that a user left a panel with, kept for the browser tab: it outlives edit mode, a theme change and a reload.
 * @param key names the panel and the floor
 */
export function recallView(key: string): KeptView | null {
  const here = keptHere.get(key);
  if (here) return here;
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
export function keepView(key: string, view: KeptView | null): void {
  keptHere.delete(key);
  if (view) {
    const { centreXMetres, centreYMetres, pxPerMetre } = view;
    keptHere.set(key, { centreXMetres, centreYMetres, pxPerMetre });
  }
  try {
    if (view) sessionStorage.setItem(PREFIX + key, JSON.stringify(keptHere.get(key)));
    else sessionStorage.removeItem(PREFIX + key);
  } catch {
    // Storage may be full or forbidden: the view then lives as long as the page.
  }
}
