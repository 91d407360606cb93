/** One row of the query `PATHS`; null where nothing was measured. Seconds are ages or durations. */
export interface PathFigures {
  path: 'engine' | 'ingestor';
  rows_per_second_1m: number | null;
  rows_per_second_5m: number | null;
  seconds_since_received: number | null;
  newest_event_seconds: number | null;
  lag_messages: number | null;
  lag_seconds: number | null;
  dead_letters_5m: number;
  assigned_partitions: number | null;
  poll_seconds: number | null;
  missing_dependencies: number | null;
  last_exception: string | null;
  exception_seconds: number | null;
}

export type PathState = 'running' | 'late' | 'failing' | 'stuck' | 'joining' | 'no events' | 'stopped' | 'off';

/** From this lag on an alert rule fires. */
export const LATE_SECONDS = 60;
const MINUTE_SECONDS = 60;
/** An exception is news for this long: the engine retries every few seconds. */
const RECENT_EXCEPTION_SECONDS = 120;
/** A path that stored nothing for longer was turned off, and did not break. */
const DAY_SECONDS = 86_400;

/**
 * What a path does. Only the ingestor measures lags, of both paths that are on: if it measures the other path and not this one,
 * this one is off. If it measures neither, nobody knows, and a path that stored events in the last day has stopped.
 */
export function stateOfPath(own: PathFigures, other: PathFigures | undefined): PathState {
  const isStoring = isWithin(own.seconds_since_received, MINUTE_SECONDS);
  const hasException = own.path === 'engine' && isWithin(own.exception_seconds, RECENT_EXCEPTION_SECONDS);
  const isLate = (own.lag_seconds ?? 0) > LATE_SECONDS;
  if (isStoring) return isLate ? 'late' : hasException ? 'failing' : 'running';
  const isMeasured = own.lag_messages !== null;
  const isPolling = own.path === 'engine' && isWithin(own.poll_seconds, MINUTE_SECONDS);
  if (!isMeasured && !isPolling) {
    if (other !== undefined && other.lag_messages !== null) return 'off';
    return isWithin(own.seconds_since_received, DAY_SECONDS) ? 'stopped' : 'off';
  }
  if (own.path === 'engine') {
    if (!isPolling || (own.missing_dependencies ?? 0) > 0) return 'stopped';
    if (hasException) return 'failing';
    if (own.assigned_partitions === 0) return 'joining';
  }
  return (own.lag_messages ?? 0) > 0 ? 'stuck' : 'no events';
}

function isWithin(ageSeconds: number | null, seconds: number): boolean {
  return ageSeconds !== null && ageSeconds <= seconds;
}

/** The colour of a state in Grafana's themes. */
export const STATE_TONES: Record<PathState, 'success' | 'warning' | 'error' | 'secondary'> = {
  running: 'success',
  late: 'error',
  failing: 'error',
  stuck: 'error',
  stopped: 'error',
  joining: 'warning',
  'no events': 'warning',
  off: 'secondary',
};

/** The runbook of a bad state, as the last part of its address; '' where there is nothing to do. */
export function runbookOf(state: PathState, path: PathFigures['path'], isInsertFailing = false): string {
  if (isInsertFailing && path === 'ingestor') return 'insert-failures';
  if (state === 'late') return 'consumer-lag';
  if (state === 'stuck') return path === 'ingestor' ? 'insert-failures' : 'consumer-lag';
  if (state === 'failing') return 'storage';
  if (state === 'stopped') return path === 'ingestor' ? 'ingestor-down' : 'kafka-down';
  if (state === 'no events') return 'silent-group';
  return '';
}
