import { sceneGraph, SceneTimeRange } from '@grafana/scenes';

/**
 * A time range for a page that refreshes itself: a refresh waits until the queries of the one before are answered. Grafana would cancel
 * them, so that with a slow database a query that takes longer than the refresh interval would never be answered.
 * The page needs the behaviour `SceneQueryController`, which knows what is running.
 */
export function unhurriedTimeRange(state: { from: string; to: string }): SceneTimeRange {
  const range = new SceneTimeRange(state);
  const refresh = range.onRefresh;
  // The refresh button cancels what is running, so only the interval comes here while something is.
  range.onRefresh = () => {
    if (!sceneGraph.getQueryController(range)?.state.isRunning) refresh();
  };
  return range;
}
