import type { TimeRange } from '@grafana/data';
import { locationService } from '@grafana/runtime';
import { sceneGraph, type SceneQueryRunner } from '@grafana/scenes';
import { CLICKHOUSE } from '../grafana/identifiers';
import { onAddress } from './addressRunner';
import { KeepingRunner } from './keepingRunner';
import { clickhouseQuery } from './queryRunner';

const MINUTE_MS = 60_000;

/** A time range in whole minutes, so that the same question is not asked again within a minute. */
export interface MinuteRange {
  fromMs: number;
  toMs: number;
}

/**
 * Rows of queries that the time range and the page's address decide. Roll-ups change once a minute, so the database is asked when a
 * query has changed (the minute, the range, the address) or the last answer was an error, however often the page is refreshed.
 * @param sqlsOf the queries by their ref
 * @param stampOf the same queries are asked again when this changes
 */
export function runForRange(
  sqlsOf: (range: MinuteRange, parameters: URLSearchParams, timeRange: TimeRange) => Readonly<Record<string, string>>,
  stampOf: (parameters: URLSearchParams) => string = () => ''
): SceneQueryRunner {
  const runner = new KeepingRunner({ datasource: CLICKHOUSE, queries: [], runQueriesMode: 'manual' });
  let askedStamp = '';
  runner.addActivationHandler(() => {
    const timeRange = sceneGraph.getTimeRange(runner);
    // A playback changes the address once per second: only a refresh asks again after an error.
    const follow = ({ isRefresh }: { isRefresh: boolean }) => {
      const { value } = timeRange.state;
      const parameters = locationService.getSearch();
      const sqls = sqlsOf(wholeMinutes(value), parameters, value);
      const stamp = stampOf(parameters);
      const queries = Object.entries(sqls).map(([refId, sql]) => ({ ...clickhouseQuery(sql), refId }));
      const asked = runner.state.queries.map((query) => query['rawSql'] as unknown);
      const isSame =
        stamp === askedStamp &&
        queries.length === asked.length &&
        Object.values(sqls).every((sql, k) => sql === asked[k]);
      if (isSame && !(isRefresh && runner.state.data?.errors !== undefined)) return;
      askedStamp = stamp;
      runner.setState({ queries });
      runner.runQueries();
    };
    follow({ isRefresh: true });
    const subscription = timeRange.subscribeToState(() => follow({ isRefresh: true }));
    const stopListening = onAddress(() => follow({ isRefresh: false }));
    return () => {
      subscription.unsubscribe();
      stopListening();
    };
  });
  return runner;
}

export function wholeMinutes({ from, to }: TimeRange): MinuteRange {
  const [fromMs, toMs] = [from, to].map((time) => Math.floor(time.valueOf() / MINUTE_MS) * MINUTE_MS);
  return { fromMs: fromMs ?? 0, toMs: Math.max(toMs ?? 0, (fromMs ?? 0) + MINUTE_MS) };
}
