import { SceneQueryRunner } from '@grafana/scenes';
import { CLICKHOUSE } from '../constants';
import { clickhouseQuery } from '../queries/clickhouseQuery';

export function runTable(rawSql: string): SceneQueryRunner {
  return new SceneQueryRunner({ datasource: CLICKHOUSE, queries: [clickhouseQuery(rawSql)] });
}

export function runSeries(rawSql: string): SceneQueryRunner {
  return new SceneQueryRunner({
    datasource: CLICKHOUSE,
    queries: [clickhouseQuery(rawSql, 'timeseries')],
    maxDataPoints: 500,
  });
}
