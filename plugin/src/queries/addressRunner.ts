import { LoadingState } from '@grafana/data';
import { locationService } from '@grafana/runtime';
import { sceneGraph, type SceneQueryRunner } from '@grafana/scenes';
import { clickhouseQuery, runRows, runSeries, seriesQueries } from './queryRunner';

interface Follow {
  shape?: 'table' | 'timeseries';
  /** Whether the old rows stay until the new ones come. Not those of another robot. */
  keepsRows?: boolean;
}

/**
 * Rows of a query that the page's address decides. It is asked again when the address changes the query.
 * @param sqlOf the query for the address; the time zone is that of the page's times, as the IANA names it
 */
export function runByAddress(
  sqlOf: (parameters: URLSearchParams, timeZone: string) => string,
  { shape = 'table', keepsRows = false }: Follow = {}
): SceneQueryRunner {
  const first = sqlOf(locationService.getSearch(), 'UTC');
  const runner = shape === 'table' ? runRows(first) : runSeries(first);
  runner.addActivationHandler(() => {
    const timeRange = sceneGraph.getTimeRange(runner);
    const follow = () => {
      const query = clickhouseQuery(sqlOf(locationService.getSearch(), ianaZone(timeRange.getTimeZone())), shape);
      if (query['rawSql'] === runner.state.queries[0]?.['rawSql']) return;
      runner.setState({
        queries: [query],
        ...(keepsRows ? {} : { data: { state: LoadingState.Loading, series: [], timeRange: timeRange.state.value } }),
      });
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

/** Several series of queries that the page's address decides, each a frame of its own: the rows of a state timeline. */
export function runManyByAddress(sqlsOf: (parameters: URLSearchParams) => string[]): SceneQueryRunner {
  const queriesNow = () => seriesQueries(sqlsOf(locationService.getSearch()));
  const runner = runSeries('');
  runner.setState({ queries: queriesNow() });
  runner.addActivationHandler(() => {
    const follow = () => {
      const queries = queriesNow();
      if (queries.every((query, k) => query['rawSql'] === runner.state.queries[k]?.['rawSql'])) return;
      const timeRange = sceneGraph.getTimeRange(runner).state.value;
      runner.setState({ queries, data: { state: LoadingState.Loading, series: [], timeRange } });
      runner.runQueries();
    };
    follow();
    return onAddress(follow);
  });
  return runner;
}

/** ClickHouse does not know Grafana's `browser`, nor a time zone that an address invents. */
export function ianaZone(timeZone: string): string {
  if (timeZone === 'browser') return new Intl.DateTimeFormat().resolvedOptions().timeZone;
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone;
  } catch {
    return 'UTC';
  }
}

/** Calls back when the address of this page changes, not when another page is opened. @returns the way to stop it */
export function onAddress(onChange: () => void): () => void {
  const { pathname } = locationService.getLocation();
  return locationService.getHistory().listen((location: { pathname: string }) => {
    if (location.pathname === pathname) onChange();
  });
}
