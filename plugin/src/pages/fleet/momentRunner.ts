import type { TimeRange } from '@grafana/data';
import { locationService } from '@grafana/runtime';
import { sceneGraph, type SceneDataProvider, type SceneQueryRunner } from '@grafana/scenes';
import { endedAtMs } from '../../floormap/fleet/moment';
import { onAddress } from '../../queries/addressRunner';
import { readNarrowing, type Narrowing } from '../../queries/narrowing';
import { clickhouseQuery, runRows, showTexts } from '../../queries/queryRunner';

/** The past moment that the page shows: the end of the range, in milliseconds; NaN while the range reaches up to now. */
export function momentOf(timeRange: TimeRange): number {
  return endedAtMs(timeRange, Date.now());
}

/**
 * The state of a fleet is a few thousand rows, and planning such a query takes most of its CPU: threads and the joins between them cost
 * more than they save. A past moment reads minutes of events.
 */
const OF_NOW = '\nSETTINGS max_threads = 1';

/** What the page's time range and address decide. */
export interface Shown {
  /** NaN for now. */
  atMs: number;
  narrowing: Narrowing;
}

/** Rows of now, or of the end of a time range that lies in the past. Asked again when a selection or a filter changes the query. */
export function rowsAtMoment(sqlOf: (shown: Shown) => string): SceneQueryRunner {
  // With the selection of a link, so that the page does not ask twice when it opens.
  const runner = runRows(sqlOf({ atMs: NaN, narrowing: readNarrowing(locationService.getSearch()) }) + OF_NOW);
  runner.addActivationHandler(() => {
    const timeRange = sceneGraph.getTimeRange(runner);
    const follow = () => {
      const narrowing = readNarrowing(locationService.getSearch());
      const atMs = momentOf(timeRange.state.value);
      const query = clickhouseQuery(sqlOf({ atMs, narrowing }) + (Number.isNaN(atMs) ? OF_NOW : ''));
      if (query['rawSql'] === runner.state.queries[0]?.['rawSql']) return;
      runner.setState({ queries: [query] });
      runner.runQueries();
    };
    follow();
    const subscription = timeRange.subscribeToState(follow);
    const stopListening = onAddress(follow);
    return () => {
      subscription.unsubscribe();
      stopListening();
    };
  });
  return runner;
}

/** The same for people. */
export function runAtMoment(sqlOf: (shown: Shown) => string): SceneDataProvider {
  return showTexts(rowsAtMoment(sqlOf));
}
