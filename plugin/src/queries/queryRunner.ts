import { SceneDataTransformer, SceneQueryRunner, type SceneDataProvider, type SceneDataQuery } from '@grafana/scenes';
import { CLICKHOUSE, PROMETHEUS } from '../grafana/identifiers';
import { KeepingRunner } from './keepingRunner';
import { shownTexts } from './shownTexts';

/** The data source's numbers for the shape of its answer. */
const FORMAT = { timeseries: 0, table: 1 } as const;

/** A query of the ClickHouse data source that runs this SQL. */
export function clickhouseQuery(rawSql: string, shape: keyof typeof FORMAT = 'table'): SceneDataQuery {
  return { refId: 'A', datasource: CLICKHOUSE, editorType: 'sql', queryType: shape, format: FORMAT[shape], rawSql };
}

/** The name of the n-th query of a runner, from 0. */
export function refIdOf(n: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + n);
}

/** Queries for series, each a frame of its own: the rows of a state timeline. */
export function seriesQueries(sqls: readonly string[]): SceneDataQuery[] {
  return sqls.map((sql, n) => ({ ...clickhouseQuery(sql, 'timeseries'), refId: refIdOf(n) }));
}

/** Rows for people: their texts are safe to show. */
export function runTable(rawSql: string): SceneDataProvider {
  return showTexts(runRows(rawSql));
}

export function showTexts($data: SceneQueryRunner): SceneDataProvider {
  return new SceneDataTransformer({ $data, transformations: [shownTexts] });
}

/** Rows for the floor map, which identifies robots by their exact ids. */
export function runRows(rawSql: string): SceneQueryRunner {
  return new KeepingRunner({ datasource: CLICKHOUSE, queries: [clickhouseQuery(rawSql)] });
}

export function runSeries(rawSql: string): SceneQueryRunner {
  return new KeepingRunner({
    datasource: CLICKHOUSE,
    queries: [clickhouseQuery(rawSql, 'timeseries')],
    maxDataPoints: 500,
  });
}

/** Prometheus expressions over the time range, each with the name of its series. */
export function runRange(expressions: ReadonlyArray<{ expr: string; legendFormat: string }>): SceneQueryRunner {
  return new SceneQueryRunner({
    datasource: PROMETHEUS,
    queries: expressions.map((expression, k) => ({
      refId: refIdOf(k),
      datasource: PROMETHEUS,
      range: true,
      ...expression,
    })),
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
