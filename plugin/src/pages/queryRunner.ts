import { SceneQueryRunner } from '@grafana/scenes';
import { CLICKHOUSE, PROMETHEUS } from '../constants';
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

/** The present value of each series of a Prometheus expression. */
export function runInstant(expr: string, legendFormat: string): SceneQueryRunner {
  return new SceneQueryRunner({
    datasource: PROMETHEUS,
    queries: [{ refId: 'A', datasource: PROMETHEUS, expr, legendFormat, instant: true }],
  });
}
