import { useState } from 'react';
import { LoadingState, type PanelData } from '@grafana/data';

/**
 * What the data source said when it last failed; null once a query has been answered. A query under way after an error answers
 * nothing yet: without this, a page would take back its error and show an empty fleet each time it asks a frozen database again.
 * @param before the last error up to now
 */
export function lastError(data: PanelData | undefined, before: PanelData | null): PanelData | null {
  if (data?.state === LoadingState.Error) return data;
  return data?.state === LoadingState.Done || data?.state === LoadingState.Streaming ? null : before;
}

/** The same for a component that shows the data. */
export function useLastError(data: PanelData | undefined): PanelData | null {
  const [before, setBefore] = useState<PanelData | null>(null);
  const now = lastError(data, before);
  if (now !== before) setBefore(now);
  return now;
}
