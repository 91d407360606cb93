import { useCallback, useSyncExternalStore } from 'react';
import type { MapEngine } from '../engine/mapEngine';

const REMEDY =
  'It is tried again every second, and the counts are up to date. If this message stays, reload the page; the browser’s console holds the details.';

/** What the map could not paint and what to do about it; '' while it paints all. */
export function usePaintFailure(engine: MapEngine | null): string {
  const listen = useCallback((onChange: () => void) => engine?.watchFrames(onChange) ?? (() => undefined), [engine]);
  const failure = useSyncExternalStore(listen, () => engine?.failure ?? '');
  return failure === '' ? '' : `${failure} ${REMEDY}`;
}
