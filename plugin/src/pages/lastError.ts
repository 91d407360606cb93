import { useEffect, useState } from 'react';
import { LoadingState, type PanelData, type TimeZone } from '@grafana/data';
import { readTimeOf } from '../grafana/rowsReadAt';

/** Longer than any query of the pages takes while ClickHouse is well. */
const SLOW_MS = 8_000;

/**
 * What the data source said when it last failed; null once a query has been answered. A query under way after an error answers
 * nothing yet: without this, a page would take back its error and show an empty fleet each time it asks a frozen database again.
 * @param before the last error up to now
 */
export function lastError(data: PanelData | undefined, before: PanelData | null): PanelData | null {
  if (data?.state === LoadingState.Error) return data;
  return isAnswered(data) ? null : before;
}

/** Why a page has no new answer. */
export interface Unread {
  /** Words of the data source; null while it has not answered at all. */
  reason: string | null;
  /** When the rows that are still shown were read, in milliseconds; NaN where none are. */
  shownOfMs: number;
  /** Of the page that asked; absent where it has none. */
  timeZone?: TimeZone;
}

/**
 * Why these rows are not new; null while they are, or are about to come. A query that a refresh begins again and again while
 * ClickHouse hangs never fails: after 8 seconds without an answer it counts as unread too.
 */
export function useUnread(data: PanelData | undefined): Unread | null {
  const [failed, setFailed] = useState<PanelData | null>(null);
  const [answeredMs, setAnsweredMs] = useState(NaN);
  const now = lastError(data, failed);
  if (now !== failed) setFailed(now);
  const endMs = isAnswered(data) ? (data?.request?.endTime ?? NaN) : NaN;
  if (!Number.isNaN(endMs) && endMs !== answeredMs) setAnsweredMs(endMs);
  const isSlow = useSlow(!isAnswered(data) && now === null);
  if (now === null && !isSlow) return null;
  const shownOfMs = (data?.series.length ?? 0) > 0 ? (readTimeOf(data) ?? answeredMs) : NaN;
  const timeZone = data?.request?.timezone;
  const reason = now && (now.errors?.[0]?.message ?? now.error?.message ?? '');
  return { reason, shownOfMs, ...(timeZone === undefined ? {} : { timeZone }) };
}

function isAnswered(data: PanelData | undefined): boolean {
  return data?.state === LoadingState.Done || data?.state === LoadingState.Streaming;
}

/** True when something has been awaited for 8 seconds. */
export function useSlow(isAwaited: boolean): boolean {
  const [isSlow, setSlow] = useState(false);
  useEffect(() => {
    if (!isAwaited) return undefined;
    const timer = setTimeout(() => setSlow(true), SLOW_MS);
    return () => {
      clearTimeout(timer);
      setSlow(false);
    };
  }, [isAwaited]);
  return isSlow && isAwaited;
}
