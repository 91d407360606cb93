import type { DataFrame, DataQueryRequest, DataSourceRef } from '@grafana/data';
import { t } from '@grafana/i18n';
import { getDataSourceSrv } from '@grafana/runtime';
import { from, fromEvent, lastValueFrom, NEVER, takeUntil, type Observable } from 'rxjs';
import { inBrief } from '../../grafana/dataSourceWords';
import { isSharedView } from '../../grafana/address';
import { UNESCAPED } from '../../grafana/showText';

interface QueryError {
  message?: string;
}

/** Asked so far on this page. */
let questions = 0;

const CLICKHOUSE = 'grafana-clickhouse-datasource';

/** ClickHouse's words on a database or a table that is not there. */
const NO_SUCH_TABLE = /UNKNOWN_TABLE|UNKNOWN_DATABASE|\bcode: (60|81)\b|Unknown table|Database \S+ does not exist/;

/** This ClickHouse is not Floorwatch's: it has robots, but no plans, zones or cells. */
export class NoFloorwatch extends Error {}

/**
 * The data source of the panel's first query that reads ClickHouse: another one may read something else. None in a shared view,
 * where Grafana answers no query but the panel's own.
 */
export function clickHouseOf(request: DataQueryRequest | undefined): DataSourceRef | undefined {
  if (isSharedView()) return undefined;
  return (
    request?.targets.map(({ datasource }) => datasource).find((source) => source?.type === CLICKHOUSE) ?? undefined
  );
}

/** Whether a query of the panel reads ClickHouse: only then can the floor be asked for through its data source. */
export function readsClickHouse(request: DataQueryRequest | undefined): request is DataQueryRequest {
  return clickHouseOf(request) !== undefined;
}

/**
 * Asks a question about the floor through the data source of the panel's own query, with its rights.
 * @param signal cancels the request
 * @throws Error in one sentence; NoFloorwatch where the table is not there
 */
export async function askDatabase(request: DataQueryRequest, rawSql: string, signal?: AbortSignal): Promise<DataFrame> {
  const reference = clickHouseOf(request);
  const dataSource = await getDataSourceSrv().get(reference);
  const target = { refId: 'Floor', datasource: reference, editorType: 'sql', queryType: 'table', format: 1, rawSql };
  // Grafana cancels a request under way for another one of the same name, and panels of one page ask the same questions.
  const asked = { ...request, requestId: `floor-${++questions}`, targets: [target] };
  signal?.throwIfAborted();
  const isAborted = signal ? fromEvent(signal, 'abort') : NEVER;
  const answer = await lastValueFrom(from(dataSource.query(asked) as Observable<unknown>).pipe(takeUntil(isAborted)));
  const { data, errors, error } = answer as { data: DataFrame[]; errors?: QueryError[]; error?: QueryError };
  // A request that did not even arrive has an `error` alone.
  const failed = errors?.[0] ?? error;
  if (failed) {
    const Kind = NO_SUCH_TABLE.test(failed.message ?? '') ? NoFloorwatch : Error;
    throw new Kind(
      t('map.plan.unread', 'The floor could not be read: {{reason}}.', {
        reason: inBrief(failed.message ?? t('map.plan.unknown_error', 'unknown error')),
        ...UNESCAPED,
      })
    );
  }
  // An answer without rows has a frame; one without a frame never arrived, and Grafana reports no error for it.
  if (!data[0]) {
    throw new Error(t('map.plan.no_answer', 'The floor could not be read: Grafana did not answer.'));
  }
  return data[0];
}

/** For what a map can do without: nothing where the warehouse's tables are not there at all. */
export async function orNothing<Answer, Nothing>(answer: Promise<Answer>, nothing: Nothing): Promise<Answer | Nothing> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof NoFloorwatch) return nothing;
    throw error;
  }
}
