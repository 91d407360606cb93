import type { DataFrame, DataQueryRequest } from '@grafana/data';
import { getDataSourceSrv } from '@grafana/runtime';
import { from, lastValueFrom, type Observable } from 'rxjs';

interface QueryError {
  message?: string;
}

/** Asked so far on this page. */
let questions = 0;

const CLICKHOUSE = 'grafana-clickhouse-datasource';

/** Whether the panel's own query reads ClickHouse: only then can the floor be asked for through its data source. */
export function readsClickHouse(request: DataQueryRequest | undefined): request is DataQueryRequest {
  return request?.targets[0]?.datasource?.type === CLICKHOUSE;
}

/**
 * Asks a question about the floor through the data source of the panel's own query, with its rights.
 * @throws Error in one sentence
 */
export async function askDatabase(request: DataQueryRequest, rawSql: string): Promise<DataFrame> {
  const reference = request.targets[0]?.datasource;
  const dataSource = await getDataSourceSrv().get(reference);
  const target = { refId: 'Floor', datasource: reference, editorType: 'sql', queryType: 'table', format: 1, rawSql };
  // Grafana cancels a request under way for another one of the same name, and panels of one page ask the same questions.
  const asked = { ...request, requestId: `floor-${++questions}`, targets: [target] };
  const answer = await lastValueFrom(from(dataSource.query(asked) as Observable<unknown>));
  const { data, errors, error } = answer as { data: DataFrame[]; errors?: QueryError[]; error?: QueryError };
  // A request that did not even arrive has an `error` alone.
  const failed = errors?.[0] ?? error;
  if (failed) throw new Error(`The floor could not be read: ${inBrief(failed.message ?? 'unknown error')}.`);
  // An answer without rows has a frame; one without a frame never arrived, of which Grafana tells nothing.
  if (!data[0]) throw new Error('The floor could not be read: Grafana did not answer.');
  return data[0];
}

/** A data source's words without the request that it sent, which says nothing to who reads the map. */
export function inBrief(message: string): string {
  return message
    .replace(/^.*\bPost "[^"]*": /s, '')
    .trim()
    .replace(/\.$/, '');
}

/** Text between single quotes in ClickHouse's SQL. */
export function escapeText(text: string): string {
  return text.replace(/\\/g, '\\\\').replace(/'/g, "\\'");
}
