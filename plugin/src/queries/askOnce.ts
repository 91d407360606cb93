import { CoreApp, type DataFrame, type DataQuery, type DataQueryRequest, type TimeRange } from '@grafana/data';
import { getDataSourceSrv } from '@grafana/runtime';
import { from, lastValueFrom } from 'rxjs';
import { plainly } from '../grafana/dataSourceWords';
import { clickhouseQuery } from './queryRunner';

let asked = 0;

/**
 * Asks ClickHouse once, outside of any panel.
 * @throws Error in plain words when the database refuses or does not answer
 */
export async function askOnce(rawSql: string, timeRange: TimeRange): Promise<DataFrame> {
  try {
    return await askQuery(clickhouseQuery(rawSql) as DataQuery, timeRange);
  } catch (error) {
    throw new Error(plainly(error instanceof Error ? error.message : ''), { cause: error });
  }
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
