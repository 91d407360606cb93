import type { TimeRange } from '@grafana/data';
import { sceneGraph, type SceneDataProvider, type SceneQueryRunner } from '@grafana/scenes';
import { endedAtMs } from '../../floormap/fleet/moment';
import { clickhouseQuery, runRows, showTexts } from '../../queries/queryRunner';

/** The past moment that the page shows: the end of the range, in milliseconds; NaN while the range reaches up to now. */
export function momentOf(timeRange: TimeRange): number {
  return endedAtMs(timeRange, Date.now());
}

/** Rows of now, or of the end of a time range that lies in the past. */
export function rowsAtMoment(now: string, then: (atMs: number) => string): SceneQueryRunner {
  const runner = runRows(now);
  runner.addActivationHandler(() => {
    const timeRange = sceneGraph.getTimeRange(runner);
    const follow = () => {
      const atMs = momentOf(timeRange.state.value);
      const query = clickhouseQuery(Number.isNaN(atMs) ? now : then(atMs));
      if (query['rawSql'] === runner.state.queries[0]?.['rawSql']) return;
      runner.setState({ queries: [query] });
      runner.runQueries();
    };
    follow();
    const subscription = timeRange.subscribeToState(follow);
    return () => subscription.unsubscribe();
  });
  return runner;
}

/** The same for people. */
export function runAtMoment(now: string, then: (atMs: number) => string): SceneDataProvider {
  return showTexts(rowsAtMoment(now, then));
}
