import type { SceneDataQuery } from '@grafana/scenes';
import { CLICKHOUSE } from '../constants';

/** The data source's numbers for the shape of its answer. */
const FORMAT = { timeseries: 0, table: 1 } as const;

/** A query of the ClickHouse data source that runs this SQL. */
export function clickhouseQuery(rawSql: string, shape: keyof typeof FORMAT = 'table'): SceneDataQuery {
  return { refId: 'A', datasource: CLICKHOUSE, editorType: 'sql', queryType: shape, format: FORMAT[shape], rawSql };
}
