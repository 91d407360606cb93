import { CoreApp, type DataFrame, type DataQuery, type DataQueryRequest, type TimeRange } from '@grafana/data';
import { getDataSourceSrv } from '@grafana/runtime';
import { from, lastValueFrom } from 'rxjs';
import { clickhouseQuery } from './queryRunner';

let asked = 0;

/**
 * Asks ClickHouse once, outside of any panel.
 * @throws Error with the database's words when it refuses or does not answer
 */
export function askOnce(rawSql: string, timeRange: TimeRange): Promise<DataFrame> {
  return askQuery(clickhouseQuery(rawSql) as DataQuery, timeRange);
}

/**
 * Asks the data source of a query once.
 * @param requestId Grafana cancels an unfinished request with the same id
 * @throws Error with the data source's words when it refuses or does not answer
 */
export async function askQuery(
  query: DataQuery,
  timeRange: TimeRange,
  requestId = `floorwatch-once-${asked++}`
): Promise<DataFrame> {
  const source = await getDataSourceSrv().get(query.datasource);
  const request: DataQueryRequest = {
    requestId,
    app: CoreApp.Unknown,
    range: timeRange,
    interval: '1s',
    intervalMs: 1_000,
    scopedVars: {},
    timezone: 'utc',
    startTime: Date.now(),
    targets: [query],
  };
  const { data, error, errors } = await lastValueFrom(from(source.query(request)));
  const problem = errors?.[0] ?? error;
  if (problem) throw new Error(problem.message ?? 'the data source gave no reason');
  return (data[0] as DataFrame | undefined) ?? { fields: [], length: 0 };
}
